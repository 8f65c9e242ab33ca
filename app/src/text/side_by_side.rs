//! The words of one family of pages, both languages beside each other.

/// Makes a struct of words, `KO` and `EN`, and the test that neither lacks one.
macro_rules! side_by_side {
    ($(#[$doc:meta])* $name:ident { $($word:ident: $ko:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            $(pub $word: &'static str),+
        }

        static KO: $name = $name { $($word: $ko),+ };
        static EN: $name = $name { $($word: $en),+ };

        #[cfg(test)]
        mod tests {
            #[test]
            fn every_word_is_there_in_both_languages() {
                let (ko, en) = (vec![$(super::KO.$word),+], vec![$(super::EN.$word),+]);
                assert!(ko.iter().chain(&en).all(|word| !word.trim().is_empty()));
                let hangul = |word: &&&str| word.chars().any(|c| ('가'..='힣').contains(&c));
                assert_eq!(en.iter().find(hangul), None);
            }

            #[test]
            fn every_word_is_used() {
                assert_eq!($crate::text::side_by_side::unused(&[$(stringify!($word)),+]), [""; 0]);
            }
        }
    };
}

/// Those of the words that stand in no page.
#[cfg(test)]
pub fn unused<'a>(words: &[&'a str]) -> Vec<&'a str> {
    fn read(folder: &std::path::Path, text: &mut String) {
        for file in std::fs::read_dir(folder).expect("a folder") {
            let path = file.expect("readable").path();
            if path.is_dir() {
                read(&path, text);
            } else {
                text.push_str(&std::fs::read_to_string(&path).expect("text"));
            }
        }
    }
    let mut sources = String::new();
    read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let is_used = |word: &str| {
        let asked = format!(".{word}");
        let is_whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        sources.match_indices(&asked).any(|(at, found)| is_whole(&sources[at + found.len()..]))
    };
    words.iter().filter(|word| !is_used(word)).copied().collect()
}
