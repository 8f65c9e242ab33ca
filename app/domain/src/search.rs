//! Finding a name by what is typed: any part of it, whatever case and spacing, or its 초성 (ㅋㄱㅇㄴ finds KG이니시스).

use serde::{Deserialize, Serialize};

use crate::channel::view::ChannelSummary;

/// What a search finds among a merchant's channels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundChannels {
    /// The best of them.
    pub best: Vec<ChannelSummary>,
    /// How many there are in each mode.
    pub live: u64,
    pub test: u64,
}

/// The initial consonants of 한글 syllables, in the order in which Unicode builds them (Unicode 3.12).
const INITIALS: [char; 19] =
    ['ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
/// What an input method leaves below a syllable while the next one is typed, as the consonant that is meant.
const FINALS: [Option<char>; 28] = [
    None,
    Some('ㄱ'),
    Some('ㄲ'),
    None,
    Some('ㄴ'),
    None,
    None,
    Some('ㄷ'),
    Some('ㄹ'),
    None,
    None,
    None,
    None,
    None,
    None,
    None,
    Some('ㅁ'),
    Some('ㅂ'),
    None,
    Some('ㅅ'),
    Some('ㅆ'),
    Some('ㅇ'),
    Some('ㅈ'),
    Some('ㅊ'),
    Some('ㅋ'),
    Some('ㅌ'),
    Some('ㅍ'),
    Some('ㅎ'),
];
const FIRST_SYLLABLE: u32 = '가' as u32;
const LAST_SYLLABLE: u32 = '힣' as u32;

/// Whether what was typed finds one of the names. Nothing typed finds everything.
pub fn finds<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> bool {
    // No name is that long.
    if crate::text::is_endless(typed) {
        return false;
    }
    let typed = letters(typed);
    let unfinished = without_final(&typed);
    names.into_iter().any(|name| {
        let name = letters(name);
        is_part(&typed, &name) || unfinished.as_ref().is_some_and(|typed| is_part(typed, &name))
    })
}

fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_part(typed: &[char], name: &[char]) -> bool {
    typed.is_empty() || name.windows(typed.len()).any(|part| typed.iter().zip(part).all(|(t, n)| means(*t, *n)))
}

/// A letter means itself; a consonant alone means every syllable and every Latin letter that begins with it.
fn means(typed: char, letter: char) -> bool {
    typed == letter || initial(letter) == Some(typed) || sounds(letter).contains(typed)
}

fn initial(syllable: char) -> Option<char> {
    let at = u32::from(syllable).checked_sub(FIRST_SYLLABLE).filter(|_| u32::from(syllable) <= LAST_SYLLABLE)?;
    INITIALS.get((at / 588) as usize).copied()
}

/// How a Latin letter begins when it is said in Korean, as a sound or by its name.
const fn sounds(letter: char) -> &'static str {
    match letter {
        'b' | 'v' => "ㅂ",
        'c' => "ㅋㅆㅊ",
        'd' => "ㄷ",
        'f' | 'p' => "ㅍㅇ",
        'g' => "ㄱㅈ",
        'h' => "ㅎㅇ",
        'j' | 'z' => "ㅈ",
        'k' | 'q' => "ㅋ",
        'l' | 'r' => "ㄹㅇ",
        'm' => "ㅁㅇ",
        'n' => "ㄴㅇ",
        's' => "ㅅㅇ",
        't' => "ㅌ",
        'w' => "ㅇㄷ",
        'x' => "ㅇㅋ",
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' => "ㅇ",
        _ => "",
    }
}

/// 이닛, typed on the way to 이니시, as 이니 and ㅅ.
fn without_final(typed: &[char]) -> Option<Vec<char>> {
    let (last, before) = typed.split_last()?;
    let at = u32::from(*last).checked_sub(FIRST_SYLLABLE).filter(|_| u32::from(*last) <= LAST_SYLLABLE)?;
    let next = (*FINALS.get((at % 28) as usize)?)?;
    let open = char::from_u32(FIRST_SYLLABLE + at - at % 28)?;
    Some([before, &[open, next]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INICIS: [&str; 3] = ["KG이니시스", "KG INICIS", "html5_inicis"];

    #[test]
    fn a_part_in_any_language_case_or_spacing_finds_a_name() {
        for typed in ["이니시스", "kg 이니", "KGInicis", "inic", "HTML5", ""] {
            assert!(finds(typed, INICIS), "{typed}");
        }
        assert!(!finds("스마트로", INICIS));
    }

    #[test]
    fn initial_consonants_find_a_name_latin_letters_included() {
        for typed in ["ㅋㄱ", "ㅋㄱㅇㄴㅅㅅ", "ㅇㄴㅅ", "이ㄴㅅ", "KGㅇㄴ"] {
            assert!(finds(typed, INICIS), "{typed}");
        }
        assert!(!finds("ㅅㅁㅌ", INICIS));
    }

    #[test]
    fn a_syllable_that_is_still_being_typed_finds_what_it_may_become() {
        for typed in ["인", "이닛", "이니싯"] {
            assert!(finds(typed, INICIS), "{typed}");
        }
        assert!(!finds("잉", INICIS));
    }
}
