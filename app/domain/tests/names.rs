//! 채널 이름 by a table of what people, programs and jokers type. The table was made by another program than the one it
//! tests, from the rule's text: NFC, single spaces, letters, marks, decimal digits, `_` and `-`, 1 to 50 of them, nothing
//! invisible. Scripts may mix; there is no rule about look-alikes.

use domain::{channel::ChannelName, form::ErrorCode};
use unicode_normalization::UnicodeNormalization as _;

/// `\u{41}` to `A`.
fn read(text: &str) -> String {
    let mut pieces = text.split("\\u{");
    let mut read = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('}').expect("\\u{…}");
        read.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a character"));
        read.push_str(rest);
    }
    read
}

fn table() -> Vec<[String; 3]> {
    let lines = include_str!("names.tsv").lines().filter(|line| !line.starts_with("# "));
    lines
        .map(|line| {
            let mut columns = line.split('\t').map(read);
            [(); 3].map(|()| columns.next().expect("three columns"))
        })
        .collect()
}

fn parsed(typed: &str) -> Result<String, &'static str> {
    ChannelName::parse(typed).map(String::from).map_err(|code| match code {
        ErrorCode::NameCharacters => "characters",
        ErrorCode::Required => "required",
        ErrorCode::TooLong { max: 50 } => "too_long",
        _ => "something else",
    })
}

#[test]
fn every_name_of_the_table_is_taken_or_refused_as_it_says() {
    let table = table();
    assert!(table.len() >= 200, "{}", table.len());
    for [typed, outcome, stored] in &table {
        let wanted = if outcome == "ok" { Ok(stored.clone()) } else { Err(outcome.as_str()) };
        assert_eq!(parsed(typed), wanted, "{typed:?}");
    }
}

#[test]
fn however_a_name_was_composed_it_is_the_same_name() {
    let names = table().into_iter().filter(|[_, outcome, _]| outcome == "ok").map(|[typed, ..]| typed);
    for typed in names.chain(["한글".to_owned()]) {
        let apart: String = typed.nfd().collect();
        let (together, apart) = (ChannelName::parse(&typed), ChannelName::parse(&apart));
        assert_eq!(together, apart, "{typed:?}");
        let name = together.expect("a name");
        assert_eq!(ChannelName::parse(name.as_str()).as_ref(), Ok(&name), "what is stored is a name as it is");
        assert_eq!(Ok(name.key()), apart.map(|name| name.key()));
    }
}
