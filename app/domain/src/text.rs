//! Cleaning of typed text. Pasting from a mail or a PG's admin page brings spaces, zero-width marks and full-width
//! letters along; none of them is ever part of a MID.

use unicode_normalization::UnicodeNormalization as _;

use crate::form::ErrorCode;

/// Invisible by default (Unicode's `Default_Ignorable_Code_Point`), the Hangul fillers among them. Some of these are
/// letters or marks to Unicode, so a check of categories alone lets them through.
pub fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Text that no value of one line comes near. Whoever sends it is told so before anybody looks at each of its letters.
pub const fn is_endless(typed: &str) -> bool {
    typed.len() > 4096
}

/// A MID or another public one-line value as it should have been typed: trimmed, zero-width marks removed, full-width
/// letters folded to ASCII.
pub fn clean_line(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_default_ignorable(*c)).map(fold_full_width).collect();
    visible.trim().to_owned()
}

/// A secret loses white space at its ends only: what is inside may be part of it.
pub fn clean_secret(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}'))
}

/// A note in somebody's own words: cleaned as a name is, on one line, at most `max` characters, perhaps empty.
pub fn note(typed: &str, max: u32) -> Result<String, ErrorCode> {
    if is_endless(typed) {
        return Err(ErrorCode::TooLong { max });
    }
    let note = clean_name(typed);
    if note.chars().any(char::is_control) {
        Err(ErrorCode::Characters)
    } else if note.chars().count() > max as usize {
        Err(ErrorCode::TooLong { max })
    } else {
        Ok(note)
    }
}

/// NFC, trimmed, runs of white space collapsed to one U+0020.
pub fn clean_name(text: &str) -> String {
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What two names have in common when a person would call them the same: NFKC and case-folded.
pub fn comparison_key(text: &str) -> String {
    let once: String = caseless::default_case_fold_str(&text.nfkc().collect::<String>());
    once.nfkc().collect()
}

fn fold_full_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_mid_loses_what_the_clipboard_added() {
        assert_eq!(clean_line(" \u{200B}ＩＮＩpayTest\u{FEFF}\n"), "INIpayTest");
    }

    #[test]
    fn a_secret_keeps_spaces_inside() {
        assert_eq!(clean_secret("\t a b \n"), "a b");
    }

    #[test]
    fn names_typed_on_a_mac_equal_names_typed_elsewhere() {
        let decomposed = "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}";
        assert_eq!(clean_name(decomposed), "한글");
        assert_eq!(comparison_key("KCP 결제"), comparison_key("kcp 결제"));
    }
}
