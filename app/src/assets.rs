//! The files of `public`, at addresses that change with what is in them: browsers may keep those for good.

/// Of all of them together.
const VERSION: &str = env!("PUBLIC_VERSION");

/// Where a file of `public` is, as it is now. `path` begins with `/`.
pub fn asset(path: &str) -> String {
    format!("{path}?v={VERSION}")
}

/// Whether a path is one of a picture in `public`, and no page's.
pub fn is_asset(path: &str) -> bool {
    let name = path.strip_prefix("/marks/").or_else(|| path.strip_prefix('/')).unwrap_or_default();
    matches!(name.rsplit_once('.'), Some((stem, "svg" | "ico")) if !stem.contains('/'))
}

/// Whether a query asks for the files as they are now.
pub fn is_current(query: Option<&str>) -> bool {
    query.and_then(|query| query.strip_prefix("v=")) == Some(VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_from_a_page() {
        assert!(["/logo.svg", "/marks/ksnet.svg", "/favicon.ico"].into_iter().all(is_asset));
        assert!(!["/", "/login", "/integration/channels/logo.svg", "/marks/a/b.svg"].into_iter().any(is_asset));
    }

    #[test]
    fn the_address_of_a_file_is_the_current_one() {
        let address = asset("/logo.svg");
        assert!(is_current(address.split_once('?').map(|(_, query)| query)));
        assert!(!is_current(Some("v=0")) && !is_current(None));
    }
}
