//! What somebody typed to find channels, and which ones it means.

use std::ptr;

use domain::{
    catalogue::{Catalogue, Module, Provider},
    search::finds,
    text::comparison_key,
};
use memchr::memmem::Finder;

use super::heads::Head;

/// How well a channel fits: the beginning of a word of its name or MID, a part of them, or what it is (PG, module, key).
pub(super) const RANKS: usize = 3;
/// More words than this say nothing more, nor do longer ones.
const WORDS: usize = 8;
const LETTERS: usize = 80;
/// A part of a channel key of so many characters means something.
const KEY_PART: usize = 6;
const KEY_BEGINS: &str = "channel-key-";

/// Words that a channel must all have.
#[derive(Debug)]
pub(super) struct Sought {
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    part: Finder<'static>,
    /// A part of a channel key.
    key: Option<String>,
    /// The modules that go by this name, or whose provider does.
    modules: Vec<&'static Module>,
}

impl Sought {
    pub fn parse(typed: &str, catalogue: &'static Catalogue) -> Self {
        // No name or MID has control characters.
        let typed: String = typed.chars().filter(|c| !c.is_control() || c.is_whitespace()).take(LETTERS).collect();
        let words = typed.split_whitespace().take(WORDS).map(|word| Word::of(word, catalogue)).collect();
        Self { words }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well a channel fits, 0 the best; none where it does not.
    pub fn rank(&self, head: &Head) -> Option<usize> {
        self.words.iter().try_fold(0, |worst, word| Some(worst.max(word.rank(head)?)))
    }
}

impl Word {
    fn of(typed: &str, catalogue: &'static Catalogue) -> Self {
        let word = &*comparison_key(typed);
        let key = word.strip_prefix(KEY_BEGINS).unwrap_or(word);
        let is_key = key.len() >= KEY_PART && key.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        // Signs alone are a part of nobody's name. By what was typed: its 초성 are folded away in the key.
        let has_letters = word.chars().any(char::is_alphanumeric);
        let named = catalogue.providers().iter().filter(|_| has_letters).flat_map(|provider| {
            let by_provider = finds(typed, names_of(provider));
            provider.modules.iter().filter(move |module| by_provider || goes_by(module, word))
        });
        Self { part: Finder::new(word).into_owned(), key: is_key.then(|| key.to_owned()), modules: named.collect() }
    }

    fn rank(&self, head: &Head) -> Option<usize> {
        let text = head.text.as_bytes();
        if let Some(at) = self.part.find(text) {
            let begins = at == 0 || text.get(at - 1).is_some_and(|before| matches!(before, b' ' | b'\n'));
            return Some(usize::from(!begins));
        }
        let is_named = || self.modules.iter().any(|module| ptr::eq(*module, head.module));
        let has_key = |part: &String| {
            let mut text = [0; 36];
            head.id.hyphenated().encode_lower(&mut text).contains(part.as_str())
        };
        (is_named() || self.key.as_ref().is_some_and(has_key)).then_some(RANKS - 1)
    }
}

fn names_of(provider: &Provider) -> impl Iterator<Item = &str> {
    [&provider.name, &provider.name_en].into_iter().chain(&provider.aliases).map(String::as_str)
}

/// By what developers call it: `html5_inicis`, `INICIS_V2`.
fn goes_by(module: &Module, word: &str) -> bool {
    let codes = [module.id.as_str(), module.pg_provider.as_str()].into_iter().chain(module.pg_code.as_deref());
    codes.into_iter().any(|code| code.to_ascii_lowercase().contains(word))
}
