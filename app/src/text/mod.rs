//! Every word that people read, in Korean and English. The words of mails are in the backend's outbox, those of payment
//! gateways in the catalogue.

mod actions;
mod catalogue;
mod codes;
mod cores;
mod en;
mod glossary;
#[macro_use]
mod side_by_side;
mod application;
mod channel;
mod error_context;
mod guided;
mod home;
mod keys;
mod ko;
#[cfg(feature = "ssr")]
mod payment_core;
#[cfg(feature = "ssr")]
mod request_check;
mod search;
#[cfg(debug_assertions)]
mod styleguide;
mod words;

use domain::catalogue::LocalText;
use leptos::prelude::*;
use time::{OffsetDateTime, UtcOffset};

pub use actions::{action_text, kind_text, kinds, outcome_text, refusal_text};
pub use application::{
    ApplicationWords, application_state_text, business_kind_text, consent_text, issuer_text, review_text, step_text,
};
pub use catalogue::{mid_label, mid_text, store_text, style_text};
pub use channel::{ChannelWords, ago, author_text, field_label, relative, value_text};
pub use codes::{
    app_error_text, category_text, change_text, cleaned_text, error_text, mode_text, module_status_text, purpose_text,
    reason_text, role_text, status_text, tax_text, use_text, warning_text,
};
pub use cores::{node_text, receipt_text, secret_read_text};
pub use error_context::ErrorContext;
pub use glossary::glossary;
pub use guided::GuidedWords;
pub use home::{HomeWords, ending_text, step_now_text};
pub use keys::{KeyWords, scope_text, secret_state_text};
#[cfg(feature = "ssr")]
pub use payment_core::{bad_request_text, core_problem_text, unresolved_text};
#[cfg(feature = "ssr")]
pub use request_check::{CheckWords, device_text, level_text, read_error_text};
pub use search::{Place, SearchWords, places};
pub use words::Words;

/// The language of a page. Korean unless the `lang` cookie says `en`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    #[default]
    Ko,
    En,
}

impl Lang {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        [Self::Ko, Self::En].into_iter().find(|lang| lang.code() == code)
    }

    pub const fn words(self) -> &'static Words {
        match self {
            Self::Ko => &ko::WORDS,
            Self::En => &en::WORDS,
        }
    }

    /// One of the catalogue's sentences.
    pub fn pick(self, text: &LocalText) -> String {
        match self {
            Self::Ko => text.ko.clone(),
            Self::En => text.en.clone(),
        }
    }

    /// The language of the request on the server, of the document in the browser: the same for one page.
    pub fn current() -> Self {
        #[cfg(feature = "ssr")]
        let code = crate::api::preference("lang");
        #[cfg(not(feature = "ssr"))]
        let code = document().document_element().and_then(|root| root.get_attribute("lang"));
        code.and_then(|code| Self::parse(&code)).unwrap_or_default()
    }
}

pub fn use_lang() -> Lang {
    use_context::<Lang>().unwrap_or_default()
}

pub fn use_words() -> &'static Words {
    use_lang().words()
}

pub fn use_guided_words() -> &'static GuidedWords {
    use_lang().guided()
}

pub fn use_application_words() -> &'static ApplicationWords {
    use_lang().application()
}

pub fn use_channel_words() -> &'static ChannelWords {
    use_lang().channel()
}

pub fn use_home_words() -> &'static HomeWords {
    use_lang().home()
}

pub fn use_search_words() -> &'static SearchWords {
    use_lang().search()
}

pub fn use_key_words() -> &'static KeyWords {
    use_lang().keys()
}

/// UTC milliseconds as Korean time for the eye: `2026-11-21 18:30`.
pub fn kst(ms: i64) -> String {
    let utc = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let at = utc.to_offset(UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC));
    format!("{:04}-{:02}-{:02} {:02}:{:02}", at.year(), u8::from(at.month()), at.day(), at.hour(), at.minute())
}

/// UTC milliseconds as programs read them: `2026-11-21T09:30:00Z`.
pub fn utc(ms: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (month, day) = (u8::from(at.month()), at.day());
    format!("{:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", at.year(), at.hour(), at.minute(), at.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_korean_time() {
        assert_eq!(kst(0), "1970-01-01 09:00");
        assert_eq!(kst(1_795_201_200_000), "2026-11-21 04:00");
    }
}
