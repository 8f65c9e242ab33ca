//! Where a request ends. Two servers in a row that disagree about it take the end of one request for the beginning of
//! another: that is how requests are smuggled past a proxy.

use axum::http::{HeaderMap, header};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// By its length, or there is no body.
    Known,
    /// In chunks: nothing may come after such a request on its connection.
    Chunked,
    /// Said twice, or in a way that somebody may read otherwise.
    Ambiguous,
}

pub fn framing(headers: &HeaderMap) -> Framing {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) if headers.get_all(header::CONTENT_LENGTH).iter().count() <= 1 => Framing::Known,
        (Some(coding), None)
            if coding.as_bytes().eq_ignore_ascii_case(b"chunked") && !headers.contains_key(header::CONTENT_LENGTH) =>
        {
            Framing::Chunked
        }
        _ => Framing::Ambiguous,
    }
}
