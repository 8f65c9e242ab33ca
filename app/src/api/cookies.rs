//! Cookies taken apart. Everybody can send anything.

/// The value of a cookie, from the lines of a request's `Cookie` headers.
pub fn find<'a>(lines: impl IntoIterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    lines
        .into_iter()
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Three ticks and a text as a cookie's value can hold them.
pub fn packed(ticks: [bool; 3], text: &str) -> String {
    let ticks = ticks.map(|on| if on { '1' } else { '0' });
    text.bytes().fold(String::from_iter(ticks), |packed, byte| format!("{packed}{byte:02x}"))
}

/// What [`packed`] made; `None` of everything else.
pub fn unpacked(value: &str) -> Option<([bool; 3], String)> {
    let (ticks, text) = value.split_at_checked(3)?;
    let mut on = [false; 3];
    for (on, tick) in on.iter_mut().zip(ticks.bytes()) {
        *on = match tick {
            b'0' => false,
            b'1' => true,
            _ => return None,
        };
    }
    if text.len() % 2 != 0 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
    Some((on, String::from_utf8(bytes?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_is_not_ours_is_nothing() {
        for cookie in ["", "1", "000zz", "0001", "000ff", "00x61", "000+1"] {
            assert_eq!(unpacked(cookie), None, "{cookie}");
        }
        assert_eq!(unpacked("10161"), Some(([true, false, true], "a".to_owned())));
    }

    #[test]
    fn the_first_of_a_name_counts() {
        assert_eq!(find(["a=1; lang=en", "lang=ko"], "lang"), Some("en"));
        assert_eq!(find(["alang=1;lang"], "lang"), None);
    }
}
