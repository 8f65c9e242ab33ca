//! V2 API Secret, as it is asked for and as it is listed. What it looks like is in [`crate::credential`].

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, OffsetDateTime, Time, UtcOffset};
use validator::Validate;

use crate::{
    channel::ChannelName,
    credential::Scope,
    form::{ErrorCode, FormErrors},
    id::{ImpCode, StoreId},
    secret::Typed,
    text,
};

/// Until when a secret lives at most, when a date is chosen.
pub const YEARS: u32 = 5;
/// From when on a secret counts as soon over.
pub const EXPIRING: Duration = Duration::days(14);
/// Used within this time, a secret is likely to be in use.
pub const LATELY: Duration = Duration::days(7);

/// The name of a secret: the rule of channel names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretName(String);

impl SecretName {
    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        ChannelName::parse(typed).map(|name| Self(name.into()))
    }

    /// Two names with the same key are the same name to a person.
    pub fn key(&self) -> String {
        text::comparison_key(&self.0)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 새로운 API Secret 발급.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct IssueForm {
    #[validate(length(max = 1000, code = "too_long"))]
    pub name: String,
    /// Days (`30`, `90`, `180`, `365`), `date`, or `none`.
    pub expiry: String,
    /// `YYYY-MM-DD` in Korea, with `date`: the secret ends with that day.
    pub until: String,
    /// Not empty when the scope is chosen; so are the next two.
    pub channels_read: String,
    pub channels_write: String,
    pub payments: String,
}

impl IssueForm {
    pub const DAYS: [u16; 4] = [30, 90, 180, 365];

    /// What the form begins with: a year, every scope.
    pub fn fresh() -> Self {
        let on = || "on".to_owned();
        let expiry = "365".to_owned();
        Self { expiry, channels_read: on(), channels_write: on(), payments: on(), ..Self::default() }
    }

    pub fn has(&self, scope: Scope) -> bool {
        let field = match scope {
            Scope::ChannelsRead => &self.channels_read,
            Scope::ChannelsWrite => &self.channels_write,
            Scope::Payments => &self.payments,
        };
        !field.is_empty()
    }

    /// Everything that is wrong with the form, or the secret to be issued. `now` decides what is past.
    pub fn parse(&self, now: OffsetDateTime) -> Result<NewSecret, FormErrors> {
        let mut errors = FormErrors::default();
        let name = SecretName::parse(&self.name).map_err(|code| errors.push("name", code)).ok();
        let expires_at = self.expires_at(now).map_err(|(field, code)| errors.push(field, code)).ok();
        let scopes: Vec<Scope> = Scope::ALL.into_iter().filter(|scope| self.has(*scope)).collect();
        if scopes.is_empty() {
            errors.push("scopes", ErrorCode::ScopeRequired);
        }
        if let Err(shape) = self.validate() {
            errors.complete_with(shape.into());
        }
        match (name, expires_at) {
            (Some(name), Some(expires_at)) if errors.is_empty() => Ok(NewSecret { name, expires_at, scopes }),
            _ => Err(errors),
        }
    }

    fn expires_at(&self, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, (&'static str, ErrorCode)> {
        match self.expiry.as_str() {
            "none" => Ok(None),
            "date" => end_of_day(&self.until, now).map(Some).map_err(|code| ("until", code)),
            days => {
                let known = Self::DAYS.into_iter().find(|known| known.to_string() == days);
                let days = known.ok_or(("expiry", ErrorCode::NotAChoice))?;
                Ok(Some(now + Duration::days(days.into())))
            }
        }
    }
}

impl Default for IssueForm {
    /// As a form with nothing in it is read.
    fn default() -> Self {
        let none = String::new;
        let (name, expiry, until) = (none(), none(), none());
        Self { name, expiry, until, channels_read: none(), channels_write: none(), payments: none() }
    }
}

/// The first moment that is no longer the day written as `YYYY-MM-DD`, in Korea.
fn end_of_day(typed: &str, now: OffsetDateTime) -> Result<OffsetDateTime, ErrorCode> {
    let typed = text::clean_line(typed);
    if typed.is_empty() {
        return Err(ErrorCode::Required);
    }
    let korea = UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC);
    let day = date(&typed).ok_or(ErrorCode::DateInvalid)?;
    let end = day.next_day().ok_or(ErrorCode::DateInvalid)?.with_time(Time::MIDNIGHT).assume_offset(korea);
    let today = now.to_offset(korea).date();
    // The same day of the year; the day after where there is none.
    let last_year = today.year() + i32::try_from(YEARS).unwrap_or_default();
    let last = today.replace_year(last_year).ok().or_else(|| Date::from_calendar_date(last_year, Month::March, 1).ok());
    if end <= now {
        Err(ErrorCode::DatePast)
    } else if last.is_some_and(|last| day > last) {
        Err(ErrorCode::DateTooFar { years: YEARS })
    } else {
        Ok(end.to_offset(UtcOffset::UTC))
    }
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let mut number = |length: usize| {
        let part = parts.next()?;
        (part.len() == length && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()
}

/// A secret that may be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecret {
    pub name: SecretName,
    /// `None` lives until it is revoked.
    pub expires_at: Option<OffsetDateTime>,
    /// At least one.
    pub scopes: Vec<Scope>,
}

/// For how long the old secret lives beside its successor: `0`, `1`, `24` or `72` hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap(u8);

impl Overlap {
    pub const ALL: [Self; 4] = [Self(0), Self(1), Self(24), Self(72)];

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        Self::ALL.into_iter().find(|overlap| overlap.0.to_string() == typed).ok_or(ErrorCode::NotAChoice)
    }

    pub const fn hours(self) -> u8 {
        self.0
    }

    pub fn time(self) -> Duration {
        Duration::hours(self.0.into())
    }
}

/// What a form that shows a secret sends beside its own fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Crown {
    /// Names this page: sent twice, it shows one secret.
    pub request_key: String,
    /// Where the last proof of who it is was too long ago.
    pub password: Typed,
}

/// How a secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretState {
    Active,
    /// Over within 14 days.
    Expiring,
    Expired,
    Revoked,
    /// It has a successor, and ends soon or has ended.
    Rolled,
}

impl SecretState {
    pub const ALL: [Self; 5] = [Self::Active, Self::Expiring, Self::Expired, Self::Revoked, Self::Rolled];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Rolled => "rolled",
        }
    }
}

/// A secret in the list: never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiSecretView {
    /// The id part of the secret, 12 characters.
    pub kid: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub store_id: StoreId,
    pub store_name: String,
    pub state: SecretState,
    /// Whether it is still taken.
    pub is_live: bool,
    pub created_at: i64,
    pub created_by: String,
    /// When it ends; of a rolled one, when its time beside the successor ends.
    pub ends_at: Option<i64>,
    pub last_used_at: Option<i64>,
    /// Used within the last seven days.
    pub used_lately: bool,
}

/// What V1 pages show without a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct V1Keys {
    pub imp_code: ImpCode,
    /// REST API Key, 16 digits.
    pub key: String,
    /// When the REST API Secret of today was issued.
    pub issued_at: i64,
    pub last_used_at: Option<i64>,
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    /// Noon in Korea.
    const NOW: OffsetDateTime = datetime!(2026-11-21 03:00 UTC);

    fn form() -> IssueForm {
        IssueForm { name: "서버 1".into(), ..IssueForm::fresh() }
    }

    fn until(day: &str) -> Result<Option<OffsetDateTime>, FormErrors> {
        let form = IssueForm { expiry: "date".into(), until: day.into(), ..form() };
        form.parse(NOW).map(|new| new.expires_at)
    }

    #[test]
    fn a_secret_lives_for_a_year_with_every_scope_unless_chosen_otherwise() {
        let new = form().parse(NOW).expect("valid");
        assert_eq!(new.expires_at, Some(datetime!(2027-11-21 03:00 UTC)));
        assert_eq!(new.scopes, Scope::ALL);
    }

    #[test]
    fn a_chosen_date_ends_with_its_day_in_korea() {
        assert_eq!(until("2026-11-21"), Ok(Some(datetime!(2026-11-21 15:00 UTC))));
        assert_eq!(until("2031-11-21"), Ok(Some(datetime!(2031-11-21 15:00 UTC))));
    }

    #[test]
    fn a_date_that_is_past_too_far_or_no_date_is_told_beside_it() {
        for (day, code) in [
            ("", ErrorCode::Required),
            ("2026-11-20", ErrorCode::DatePast),
            ("2031-11-22", ErrorCode::DateTooFar { years: 5 }),
            ("2027-02-30", ErrorCode::DateInvalid),
            ("내일", ErrorCode::DateInvalid),
            ("27-2-3", ErrorCode::DateInvalid),
        ] {
            let errors = until(day).expect_err(day);
            assert_eq!(errors.of("until"), Some(&code), "{day}");
        }
    }

    #[test]
    fn a_secret_that_never_ends_is_a_choice_and_nothing_else_is() {
        let never = IssueForm { expiry: "none".into(), ..form() };
        assert_eq!(never.parse(NOW).map(|new| new.expires_at), Ok(None));
        for odd in ["", "31", "0", "-1"] {
            let errors = IssueForm { expiry: odd.into(), ..form() }.parse(NOW).expect_err(odd);
            assert_eq!(errors.of("expiry"), Some(&ErrorCode::NotAChoice), "{odd}");
        }
    }

    #[test]
    fn a_form_with_nothing_in_it_is_told_everything_at_once() {
        let errors = IssueForm::default().parse(NOW).expect_err("empty");
        assert_eq!(errors.of("name"), Some(&ErrorCode::Required));
        assert_eq!(errors.of("expiry"), Some(&ErrorCode::NotAChoice));
        assert_eq!(errors.of("scopes"), Some(&ErrorCode::ScopeRequired));
    }

    #[test]
    fn the_old_secret_stays_for_none_one_24_or_72_hours() {
        assert_eq!(Overlap::ALL.map(Overlap::hours), [0, 1, 24, 72]);
        assert_eq!(Overlap::parse("48"), Err(ErrorCode::NotAChoice));
    }
}
