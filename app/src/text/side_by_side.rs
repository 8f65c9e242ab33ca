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
        }
    };
}
