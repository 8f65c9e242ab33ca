//! A request's head as it came. Hyper tidies it: of a length beside a transfer coding nothing is left to see.

/// Looks at the first head of what comes; one that follows in the same breath is looked at by `framing` alone.
#[derive(Debug, Default)]
pub struct Heads {
    bytes: Vec<u8>,
    within: bool,
}

impl Heads {
    /// What comes now begins a head.
    pub fn begin(&mut self) {
        self.bytes.clear();
        self.within = true;
    }

    /// Whether these bytes end a head that tells in two ways where its request ends.
    pub fn are_in_doubt(&mut self, new: &[u8]) -> bool {
        if !self.within {
            return false;
        }
        // Empty lines before the first are no part of it.
        let skipped =
            if self.bytes.is_empty() { new.iter().take_while(|byte| b"\r\n".contains(byte)).count() } else { 0 };
        let looked_at = self.bytes.len().saturating_sub(3);
        self.bytes.extend(new.iter().skip(skipped));
        let news = self.bytes.get(looked_at..).unwrap_or_default();
        let ends = news.windows(2).any(|two| two == b"\n\n") || news.windows(3).any(|three| three == b"\n\r\n");
        if !ends {
            // Longer than any head may be: refused for that.
            self.within = self.bytes.len() <= super::HEAD;
            return false;
        }
        self.within = false;
        let head = std::mem::take(&mut self.bytes);
        let lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let names = lines.skip(1).take_while(|line| !line.is_empty());
        let names = names.filter_map(|line| line.split(|byte| *byte == b':').next());
        let (mut lengths, mut codings) = (0, 0);
        for name in names {
            lengths += usize::from(name.eq_ignore_ascii_case(b"content-length"));
            codings += usize::from(name.eq_ignore_ascii_case(b"transfer-encoding"));
        }
        lengths + codings > 1
    }
}

#[cfg(test)]
mod tests {
    use super::Heads;

    fn in_doubt(parts: &[&str]) -> bool {
        let mut heads = Heads::default();
        heads.begin();
        parts.iter().any(|part| heads.are_in_doubt(part.as_bytes()))
    }

    #[test]
    fn a_length_beside_a_coding_is_seen_however_it_comes() {
        let head = "\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\ncontent-LENGTH: 5\r\n\r\n";
        assert!(in_doubt(&[head]));
        assert!(in_doubt(&[&head.replace("\r\n", "\n")]));
        let bytes: Vec<String> = head.chars().map(String::from).collect();
        assert!(in_doubt(&bytes.iter().map(String::as_str).collect::<Vec<_>>()));
    }

    #[test]
    fn what_stands_in_a_body_or_is_said_once_is_no_doubt() {
        assert!(!in_doubt(&["POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nTransfer-Encoding: chunked\r\n\r\n"]));
        assert!(!in_doubt(&["GET / HTTP/1.1\r\nX: content-length\r\n\r\n"]));
        assert!(!in_doubt(&["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", "\r\n"]));
    }
}
