//! Reads what a PG wrote, a mail or a table of its admin pages, and tells which of a module's values are in it. Nothing
//! is stored by it, and nothing is guessed: a value is taken where it stands beside a name that the module has for it.

use crate::{
    catalogue::{Field, Module},
    channel::Mode,
    id::FieldKey,
    text,
};

/// The longest text that is read, in bytes.
const LONGEST: usize = 64 * 1024;
/// The most lines that are told to be left.
const MOST_LEFT: usize = 50;
/// A name is not longer than this, in characters.
const LONGEST_NAME: usize = 48;

/// What PGs call the merchant's id, as [`plain`] has it.
const MID_NAMES: &[&str] = &[
    "mid",
    "cpid",
    "cid",
    "서비스id",
    "서비스아이디",
    "serviceid",
    "사이트코드",
    "sitecode",
    "sitecd",
    "파트너id",
    "파트너아이디",
    "partnerid",
    "상점아이디",
    "상점id",
    "상점번호",
    "상점코드",
    "상점mid",
    "pg상점아이디",
    "가맹점아이디",
    "가맹점id",
    "가맹점번호",
    "가맹점코드",
    "merchantid",
    "mallid",
    "shopid",
    "storeid",
];
/// What says for which mode something is.
const MODE_WORDS: &[(&str, Mode)] = &[
    ("테스트", Mode::Test),
    ("개발", Mode::Test),
    ("test", Mode::Test),
    ("sandbox", Mode::Test),
    ("실연동", Mode::Live),
    ("실거래", Mode::Live),
    ("실서비스", Mode::Live),
    ("운영", Mode::Live),
    ("상용", Mode::Live),
    ("라이브", Mode::Live),
    ("live", Mode::Live),
    ("real", Mode::Live),
    ("production", Mode::Live),
];
/// What stands in a value's place where there is none.
const NO_VALUE: &[&str] = &["", "없음", "해당없음", "미발급", "미사용", "발급예정", "별도안내", "na", "none", "null"];

/// Where a value belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Mid,
    Field(FieldKey),
}

/// A value that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub place: Place,
    pub value: String,
}

/// What was found, and the lines of which nothing was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pasted {
    pub taken: Vec<Taken>,
    pub left: Vec<String>,
}

/// Finds a module's values in a text. What the text says is for the other mode is left.
pub fn read(text: &str, module: &Module, mode: Mode) -> Pasted {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = without_tags(text.get(..end).unwrap_or_default());
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut reader = Reader { module, mode, section: None, used: vec![false; lines.len()], taken: Vec::new(), lines };
    // Names as the module has them first; then names with more words in front of them, for what is still missing.
    reader.pass(false);
    reader.pass(true);
    let told = |line: &&str| line.chars().any(char::is_alphanumeric);
    let left = reader.lines.iter().zip(&reader.used).filter(|(_, used)| !**used).map(|(line, _)| *line);
    Pasted { left: left.filter(told).take(MOST_LEFT).map(str::to_owned).collect(), taken: reader.taken }
}

struct Reader<'a> {
    module: &'a Module,
    mode: Mode,
    /// The mode of the heading that was read last.
    section: Option<Mode>,
    lines: Vec<&'a str>,
    used: Vec<bool>,
    taken: Vec<Taken>,
}

impl Reader<'_> {
    fn pass(&mut self, is_loose: bool) {
        self.section = None;
        for at in 0..self.lines.len() {
            let Some(line) = self.lines.get(at).copied() else { return };
            if self.used.get(at) == Some(&true) {
                continue;
            }
            if let Some(mode) = heading(line) {
                self.section = Some(mode);
            } else if !self.pairs(at, line, is_loose) && !self.table(at, line, is_loose) {
                self.alone(at, line, is_loose);
            }
        }
    }

    /// `name: value`, or names and values in cells beside each other.
    fn pairs(&mut self, at: usize, line: &str, is_loose: bool) -> bool {
        let cells = cells(line);
        let mut found = false;
        for cell in &cells {
            if let Some((name, value)) = split(cell) {
                found |= self.take(at, name, value, is_loose);
            }
        }
        if !found && let Some((name, value)) = split(line) {
            found = self.take(at, name, value, is_loose);
        }
        // `MID abc`, with nothing but a space between.
        if !found
            && cells.len() == 1
            && let Some((name, value)) = line.rsplit_once(' ')
            && !value.starts_with(['(', '['])
        {
            found = self.take(at, name, value, is_loose);
        }
        if !found && !self.is_header(&cells, is_loose) {
            let filled: Vec<&&str> = cells.iter().filter(|cell| !cell.is_empty()).collect();
            for pair in filled.windows(2) {
                if let [name, value] = pair
                    && self.place(value, is_loose).is_none()
                {
                    found |= self.take(at, name, value, is_loose);
                }
            }
        }
        found
    }

    fn is_header(&self, cells: &[&str], is_loose: bool) -> bool {
        cells.iter().filter(|cell| self.place(cell, is_loose).is_some()).count() > 1
    }

    /// A row of names, and a row of values below it.
    fn table(&mut self, at: usize, line: &str, is_loose: bool) -> bool {
        let names = cells(line);
        if !self.is_header(&names, is_loose) {
            return false;
        }
        let below = (at + 1..self.lines.len()).find_map(|next| {
            let line = self.lines.get(next).copied()?;
            // The line that markdown draws between them.
            line.chars().any(char::is_alphanumeric).then_some((next, line))
        });
        let Some((next, values)) = below else { return false };
        let mut found = false;
        for (name, value) in names.into_iter().zip(cells(values)) {
            found |= self.take(at, name, value, is_loose);
        }
        if found {
            self.use_up(next);
        }
        found
    }

    /// A name on a line of its own, and its value on the next.
    fn alone(&mut self, at: usize, line: &str, is_loose: bool) {
        let name = line.trim_end_matches([':', '：']);
        let Some(next) = self.lines.get(at + 1).copied() else { return };
        if name.chars().count() > LONGEST_NAME || self.place(name, is_loose).is_none() {
            return;
        }
        let is_name =
            self.place(next, is_loose).is_some() || split(next).is_some_and(|(n, _)| self.place(n, true).is_some());
        if !is_name && self.take(at, name, next, is_loose) {
            self.use_up(at + 1);
        }
    }

    /// Takes a value, if its name is known and nothing was taken for it yet.
    fn take(&mut self, at: usize, name: &str, value: &str, is_loose: bool) -> bool {
        let Some((place, mode)) = self.place(name, is_loose) else { return false };
        if mode.or(self.section).is_some_and(|mode| mode != self.mode) {
            return false;
        }
        let field = match &place {
            Place::Field(key) => self.module.field(key),
            Place::Mid => None,
        };
        let block = field.filter(|field| field.multiline).and_then(|_| self.block(at, value));
        let Some(value) = block.or_else(|| value_of(value, field)) else { return false };
        match self.taken.iter().find(|taken| taken.place == place) {
            // The same once more is no news; something else is left for the person to see.
            Some(taken) if taken.value != value => return false,
            Some(_) => {}
            None => self.taken.push(Taken { place, value }),
        }
        self.use_up(at);
        true
    }

    fn use_up(&mut self, at: usize) {
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
    }

    /// A PEM block that begins in this value or on the next line.
    fn block(&mut self, at: usize, value: &str) -> Option<String> {
        let begins = |line: &str| line.starts_with("-----BEGIN");
        let (first, mut next) = if begins(value) && self.lines.get(at).is_some_and(|line| line.ends_with(value)) {
            (value, at + 1)
        } else {
            (self.lines.get(at + 1).copied().filter(|line| begins(line))?, at + 2)
        };
        let mut block = vec![first];
        while !block.last()?.starts_with("-----END") {
            block.push(self.lines.get(next).copied()?);
            next += 1;
        }
        (at..next).for_each(|line| self.use_up(line));
        Some(block.join("\n"))
    }

    /// What a name means in this module, and for which mode it says to be.
    fn place(&self, name: &str, is_loose: bool) -> Option<(Place, Option<Mode>)> {
        if name.chars().count() > LONGEST_NAME {
            return None;
        }
        let names = parts(name);
        let mode = names.iter().find_map(|name| mode_of(name)).or_else(|| mode_of(&plain(name)));
        let bare: Vec<String> = names.iter().map(|name| without_mode(name)).filter(|name| !name.is_empty()).collect();
        let is = |known: &[String]| {
            bare.iter().any(|name| {
                known.iter().any(|known| {
                    known == name || is_loose && known.chars().count() > 3 && name.ends_with(known.as_str())
                })
            })
        };
        let field = self.module.fields.iter().find(|field| is(&names_of(field)));
        if let Some(field) = field {
            return Some((Place::Field(field.key.clone()), mode));
        }
        let known = || MID_NAMES.iter().map(|name| (*name).to_owned()).chain(parts(&self.module.mid.label));
        let ends = |name: &String| is_loose && known().any(|known| name.ends_with(known.as_str()));
        let is_mid = bare.iter().any(|name| known().any(|known| known == *name) || ends(name));
        is_mid.then_some((Place::Mid, mode))
    }
}

/// The names of a field: its label, its key, and what they were before.
fn names_of(field: &Field) -> Vec<String> {
    let keys = field.formerly.iter().chain([&field.key]).map(|key| plain(key.as_str()));
    // What is in brackets is a name only where it looks like one: not the use of "INILite Key(정기결제)".
    let label = parts(&field.label);
    let is_name = |name: &String| ["key", "id", "iv", "키", "번호"].iter().any(|end| name.ends_with(end));
    let whole = plain(&field.label);
    let outside = plain(field.label.split(['(', '（']).next().unwrap_or_default());
    let more = label.into_iter().filter(|name| *name == whole || *name == outside || is_name(name));
    keys.chain(more).filter(|name| !name.is_empty()).collect()
}

/// A name without what differs from writer to writer: case, width, spaces, punctuation.
fn plain(name: &str) -> String {
    text::clean_line(name).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name as a whole, without its brackets, and what is within them.
fn parts(name: &str) -> Vec<String> {
    let pieces = name.split(['(', ')', '（', '）', '[', ']', ',', '/']);
    let mut parts: Vec<String> = [plain(name)].into_iter().chain(pieces.map(plain)).collect();
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts
}

fn mode_of(name: &str) -> Option<Mode> {
    MODE_WORDS.iter().find(|(word, _)| name.starts_with(word) || name.ends_with(word)).map(|(_, mode)| *mode)
}

fn without_mode(name: &str) -> String {
    let word =
        MODE_WORDS.iter().find(|(word, _)| name.starts_with(word) || name.ends_with(word)).map(|(word, _)| *word);
    let Some(word) = word else { return name.to_owned() };
    let rest = name.strip_prefix(word).or_else(|| name.strip_suffix(word)).unwrap_or(name);
    rest.strip_prefix('용').unwrap_or(rest).to_owned()
}

/// A line that says for which mode the next ones are: `[테스트 환경]`.
fn heading(line: &str) -> Option<Mode> {
    let name = plain(line);
    let is_short = line.chars().count() <= 24 && split(line).is_none() && cells(line).len() == 1;
    let words = ["환경", "정보", "계정", "서버", "연동정보", "연동", "용", "상점", "info", "모드"];
    let is_heading = MODE_WORDS.iter().any(|(word, _)| name == *word)
        || mode_of(&name).is_some() && words.iter().any(|word| name.ends_with(word));
    mode_of(&name).filter(|_| is_short && is_heading)
}

/// The cells of a line: of a table that was copied, drawn with bars, or set with spaces.
fn cells(line: &str) -> Vec<&str> {
    if line.contains(['\t', '|', '│']) {
        return line.trim_matches(['|', '│']).split(['\t', '|', '│']).map(str::trim).collect();
    }
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// `name: value`, in the ways that people write it.
fn split(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once([':', '：', '=', '→', '⇒'])?;
    let (name, value) = (name.trim(), value.trim_start_matches(['=', '>', ' ']));
    (!name.is_empty() && !value.starts_with("//")).then_some((name, value))
}

/// What is meant, without quotes and notes; none where it is no value.
fn value_of(written: &str, field: Option<&Field>) -> Option<String> {
    let written = text::clean_secret(written);
    let quotes = ['"', '\'', '`', '“', '”', '‘', '’'];
    let without_end = written.trim_end_matches([',', ';']);
    let value = if without_end.starts_with(quotes) { without_end.trim_matches(quotes) } else { written };
    let value = value.split(" (").next().unwrap_or_default().split(" ※").next().unwrap_or_default().trim();
    let value = if field.is_some_and(|field| field.secret) { value.to_owned() } else { text::clean_line(value) };
    let is_none = NO_VALUE.contains(&plain(&value).as_str()) || value.contains("***") || value.contains("••");
    // Keys and ids are written in ASCII; what is not is a sentence about them.
    let may_be_words = field.is_some_and(|field| !field.secret);
    let is_code = value.chars().all(|c| c.is_ascii_graphic()) || may_be_words;
    (!is_none && is_code).then_some(value)
}

/// What somebody copied as HTML, as lines and cells.
fn without_tags(text: &str) -> String {
    if !text.contains("</") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            rest = tag;
            break;
        };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "td" | "th" if tag.starts_with('/') => plain.push('\t'),
            "tr" | "br" | "p" | "div" | "li" | "dt" | "dd" | "table" => plain.push('\n'),
            _ => {}
        }
        rest = after;
    }
    plain.push_str(rest);
    plain.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
