//! The catalogue's words in English, where they are general ones. What a PG calls its own things stays as the PG says it.

use domain::catalogue::Module;

use super::Lang;

const WORDS: &[(&str, &str)] = &[
    ("결제창", "payment window"),
    ("간편결제", "easy pay"),
    ("본인인증", "identity verification"),
    ("일반결제", "one-time"),
    ("정기결제", "recurring"),
    ("수기결제", "keyed-in"),
    ("휴대폰결제", "by phone"),
    ("휴대폰", "phone"),
    ("해외", "overseas"),
    ("통합인증", "all-in-one verification"),
];

/// A way to pay, or to ask for it: `결제창 정기결제`.
pub fn style_text(lang: Lang, style: &str) -> String {
    if lang == Lang::Ko {
        return style.to_owned();
    }
    let word = |word: &str| {
        WORDS.iter().find(|(ko, _)| *ko == word).map_or_else(|| word.to_owned(), |(_, en)| (*en).to_owned())
    };
    let told = style.split(' ').map(word).collect::<Vec<_>>().join(" ");
    let mut letters = told.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What a PG calls its merchant id, under the name that all have in common.
pub fn mid_text(lang: Lang, label: &str) -> String {
    match (lang, label.strip_prefix("PG상점아이디")) {
        (Lang::En, Some(own)) => format!("PG merchant ID{own}"),
        _ => label.to_owned(),
    }
}

/// The same of a module.
pub fn mid_label(lang: Lang, module: &Module) -> String {
    mid_text(lang, &module.mid.label)
}

/// The primary store is called by a word of ours.
pub fn store_text(lang: Lang, name: &str) -> String {
    if name == super::ko::WORDS.primary_store { lang.words().primary_store.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn general_words_are_english_and_a_gateways_own_are_its_own() {
        assert_eq!(style_text(Lang::En, "결제창 정기결제"), "Payment window recurring");
        assert_eq!(style_text(Lang::En, "API 수기결제"), "API keyed-in");
        assert_eq!(style_text(Lang::En, "간편결제 KCP 퀵페이"), "Easy pay KCP 퀵페이");
        assert_eq!(style_text(Lang::Ko, "결제창 정기결제"), "결제창 정기결제");
        assert_eq!(mid_text(Lang::En, "PG상점아이디 (CPID)"), "PG merchant ID (CPID)");
        assert_eq!(mid_text(Lang::En, "사이트코드"), "사이트코드");
        assert_eq!(store_text(Lang::En, "대표 상점"), "Primary store");
    }
}
