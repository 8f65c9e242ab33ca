//! 사업자등록증: a file that somebody else will open. What it is, is told by its content; its name tells nothing.

use serde::{Deserialize, Serialize};

use super::ApplicationError;
use crate::{channel::word, text};
use std::fmt;

word!(
    /// What an upload may be.
    Media { Pdf = "pdf", Png = "png", Jpeg = "jpeg" }
);

impl Media {
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Told by the first bytes, and by enough of the structure that nothing else gets by under them.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if is_pdf(bytes) {
            Some(Self::Pdf)
        } else if is_png(bytes) {
            Some(Self::Png)
        } else if jpeg_end(bytes).is_some() {
            Some(Self::Jpeg)
        } else {
            None
        }
    }
}

/// A file that may be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    pub media: Media,
    /// As the person's computer calls it: to recognise it by, and nothing else.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({}, {} bytes)", self.media, self.bytes.len())
    }
}

impl Upload {
    /// 10 MB.
    pub const MAX: usize = 10 * 1024 * 1024;

    pub fn parse(name: &str, mut bytes: Vec<u8>) -> Result<Self, ApplicationError> {
        if bytes.is_empty() {
            return Err(ApplicationError::FileMissing);
        }
        if bytes.len() > Self::MAX {
            return Err(ApplicationError::FileTooLarge);
        }
        let media = Media::of(&bytes).ok_or(ApplicationError::FileType)?;
        // The picture is kept, and nothing that travels behind it.
        bytes.truncate(jpeg_end(&bytes).unwrap_or(bytes.len()));
        Ok(Self { media, name: shown_name(name), bytes })
    }
}

/// The last part of a path, without what cannot be seen, at most 80 characters.
fn shown_name(typed: &str) -> String {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !c.is_control() && !text::is_default_ignorable(*c)).collect();
    text::clean_name(&visible).chars().take(80).collect()
}

/// `%PDF-1.…` at the very beginning, and at the end what a reader begins with.
fn is_pdf(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(2048)..).unwrap_or_default();
    let has = |needle: &[u8]| tail.windows(needle.len()).any(|window| window == needle);
    let begins = bytes
        .strip_prefix(b"%PDF-")
        .and_then(|rest| rest.get(..2))
        .is_some_and(|version| matches!(version, [b'1' | b'2', b'.']));
    begins && has(b"startxref") && has(b"%%EOF")
}

/// Its signature, `IHDR` first, and chunks that lead to `IEND` at the very end.
fn is_png(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") else { return false };
    let mut is_first = true;
    while let Some((head, tail)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = head;
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        // A check sum follows each.
        let Some(after) = length.checked_add(4).and_then(|skip| tail.get(skip..)) else { return false };
        if is_first && (kind != b"IHDR" || length != 13) {
            return false;
        }
        if kind == b"IEND" {
            return length == 0 && after.is_empty();
        }
        is_first = false;
        rest = after;
    }
    false
}

/// Segments from its start to a frame and a scan, and where the picture ends: phones put notes of their own behind it.
fn jpeg_end(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    let (mut has_frame, mut has_scan) = (false, false);
    loop {
        if has_scan {
            // Within a scan 0xFF is followed by 0, by a restart mark, or by what comes next.
            let is_mark = |two: &[u8]| matches!(two, [0xFF, mark] if !matches!(mark, 0 | 0xD0..=0xD7 | 0xFF));
            let next = rest.windows(2).position(is_mark)?;
            rest = rest.get(next..)?;
        }
        // Any number of 0xFF may stand before a mark.
        while rest.starts_with(b"\xFF\xFF") {
            rest = rest.get(1..)?;
        }
        let (&[first, mark], after) = rest.split_first_chunk::<2>()?;
        if first != 0xFF {
            return None;
        }
        if mark == 0xD9 {
            return (has_frame && has_scan).then_some(bytes.len() - after.len());
        }
        has_frame |= matches!(mark, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF);
        has_scan |= mark == 0xDA;
        let length = usize::from(u16::from_be_bytes(*after.first_chunk::<2>()?));
        rest = after.get(length..).filter(|_| length >= 2)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n";

    fn png() -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.extend(b"\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0crc!");
        png.extend(b"\0\0\0\x02IDATxxcrc!\0\0\0\0IENDcrc!");
        png
    }

    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x04JF\xFF\xC0\0\x05abc\xFF\xDA\0\x03xscan\xFF\xD9";

    #[test]
    fn each_kind_is_known_by_its_content() {
        assert_eq!(Media::of(PDF), Some(Media::Pdf));
        assert_eq!(Media::of(&png()), Some(Media::Png));
        assert_eq!(Media::of(JPEG), Some(Media::Jpeg));
    }

    #[test]
    fn html_under_another_name_is_refused() {
        let html = b"<!doctype html><script>alert(1)</script>".to_vec();
        assert_eq!(Upload::parse("registration.pdf", html), Err(ApplicationError::FileType));
        for beginning in ["%PDF-", "%PDF-1.7\n<html>", "\u{FEFF}%PDF-1.7", "<html>%PDF-1.7 startxref %%EOF"] {
            assert_eq!(Media::of(beginning.as_bytes()), None, "{beginning}");
        }
    }

    #[test]
    fn a_photo_of_a_phone_is_taken_without_what_the_phone_put_behind_it() {
        for behind in [&b"SEFHe\0\0\0SEFT"[..], b"\0\0\0\0", b"PK\x03\x04", b"\xFF\xD9"] {
            let kept = Upload::parse("20261122_093011.jpg", [JPEG, behind].concat()).expect("a picture");
            assert_eq!((kept.media, kept.bytes.as_slice()), (Media::Jpeg, JPEG));
        }
        // Fill bytes before a mark, and a second scan with a table between.
        let filled = b"\xFF\xD8\xFF\xFF\xC2\0\x05abc\xFF\xDA\0\x03xa\xFF\0b\xFF\xD0c\xFF\xC4\0\x04\xFF\xD9\xFF\xDA\0\x03xd\xFF\xD9";
        assert_eq!(jpeg_end(filled), Some(filled.len()));
    }

    #[test]
    fn a_picture_with_something_behind_it_that_is_none_is_refused() {
        let mut png = png();
        png.extend(b"<script>");
        assert_eq!(Media::of(&png), None);
        assert_eq!(Media::of(b"\x89PNG\r\n\x1a\n"), None);
        assert_eq!(Media::of(b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFIHDR"), None);
        assert_eq!(Media::of(b"\xFF\xD8\xFF\xD9"), None);
        assert_eq!(Media::of(&JPEG[..JPEG.len() - 2]), None, "it has no end");
    }

    #[test]
    fn a_name_is_no_path() {
        let name = |typed: &str| Upload::parse(typed, PDF.to_vec()).expect("taken").name;
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\Users\\kim\\사업자등록증.pdf"), "사업자등록증.pdf");
        assert_eq!(name("a\r\nSet-Cookie: x\u{202E}fdp.exe"), "aSet-Cookie: xfdp.exe");
        assert_eq!(name(&"가".repeat(300)).chars().count(), 80);
    }

    #[test]
    fn an_empty_and_a_large_file_are_told_apart() {
        assert_eq!(Upload::parse("a.pdf", Vec::new()), Err(ApplicationError::FileMissing));
        assert_eq!(Upload::parse("a.pdf", vec![0; Upload::MAX + 1]), Err(ApplicationError::FileTooLarge));
    }
}
