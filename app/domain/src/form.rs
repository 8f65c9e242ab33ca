//! What is wrong with a form, as data: a closed set of codes, each beside the field it is about.
//!
//! Codes carry no free text. They travel in URLs and JSON that anybody can forge, so the worst a forged one can do is to
//! show a message that we wrote. The words are in the app's `text` module.

use serde::{Deserialize, Serialize};

use crate::{
    application::ApplicationError,
    channel::Mid,
    id::{FieldKey, ModuleId, OwnKind, ProviderId},
};

/// Why a value was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nothing was given where something is needed.
    Required,
    /// Fewer characters than `min`.
    TooShort {
        min: u32,
    },
    /// More characters than `max`.
    TooLong {
        max: u32,
    },
    /// Not exactly `length` characters.
    ExactLength {
        length: u32,
    },
    /// Not one of the values offered.
    NotAChoice,
    /// Characters that cannot be part of this value (control characters, inner spaces of a MID).
    Characters,
    EmailInvalid,
    PasswordsDiffer,
    /// Easily guessed: too common, or made of the e-mail address.
    PasswordWeak,
    /// Not the password of whoever is logged in.
    PasswordWrong,
    ConsentRequired,
    /// A channel name may have letters, digits, spaces, `_` and `-` (채널설정방법 of every seed).
    NameCharacters,
    /// Another channel of the same mode has this name.
    NameTaken,
    /// Another API secret that is in use has this name.
    SecretNameTaken,
    /// An API secret that may do nothing.
    ScopeRequired,
    /// Not a day of the calendar.
    DateInvalid,
    DatePast,
    /// More than `years` ahead.
    DateTooFar {
        years: u32,
    },
    /// A tier code is three of A-Z and 0-9.
    TierCode,
    /// Another sub-store has this tier code.
    TierTaken,
    /// Somebody of this merchant has the address already.
    AlreadyMember,
    /// An invitation to this address waits to be accepted.
    AlreadyInvited,
    /// Only some roles can be limited to a sub-store.
    RoleNotLimited,
    /// The module is not offered by the provider that was chosen.
    ModuleNotOfProvider,
    /// The module cannot be used in this mode.
    ModeNotSupported,
    /// The module does not offer this purpose.
    PurposeNotSupported,
    /// A shared test MID in live mode.
    SharedTestMidInLive,
    /// The MID is on the shared test list of another module or provider.
    MidOfOtherModule {
        provider: ProviderId,
        module: ModuleId,
    },
    /// A known misspelling of a shared test MID.
    MidMisspelled {
        meant: Mid,
    },
    /// A shared test MID was chosen and another MID typed.
    MidTwice,
    /// Something was typed into a field that a shared test MID makes needless.
    NotWithSharedTestMid,
    /// A field was filled whose use is not chosen: choose the use, or clear the field.
    UseNotChosen,
    /// An identifier or credential of this console instead of the PG's value.
    OwnIdentifier {
        kind: OwnKind,
    },
    /// No use was chosen where one decides what is asked.
    UseRequired,
    /// A field whose counterpart was filled: both, or neither.
    PairIncomplete {
        with: FieldKey,
    },
    /// A field that this module does not have.
    UnknownField,
    /// 본인인증 channels have 미설정 only (KG이니시스 채널설정방법, 통합인증).
    TaxOnIdentity,
    /// The merchant has as many as it can have.
    NoRoom {
        most: u32,
    },
    /// What only 전자결제 신청 refuses.
    Application {
        why: ApplicationError,
    },
}

/// An error beside its field. `field` is the name of the form's input, PG fields as `fields.<key>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    #[serde(flatten)]
    pub code: ErrorCode,
}

/// Everything that is wrong with a form, in the order of its fields; never empty when returned as an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormErrors(pub Vec<FieldError>);

impl FormErrors {
    pub fn one(field: impl Into<String>, code: ErrorCode) -> Self {
        Self(vec![FieldError { field: field.into(), code }])
    }

    pub fn push(&mut self, field: impl Into<String>, code: ErrorCode) {
        self.0.push(FieldError { field: field.into(), code });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first error beside this field.
    pub fn of(&self, field: &str) -> Option<&ErrorCode> {
        self.0.iter().find(|e| e.field == field).map(|e| &e.code)
    }

    /// Takes over what `other` knows of fields that have no error yet: what a value means comes before its shape.
    pub fn complete_with(&mut self, other: Self) {
        for error in other.0 {
            if self.of(&error.field).is_none() {
                self.0.push(error);
            }
        }
    }

    /// Brings the errors into the order in which a person meets the fields.
    pub fn sort_by_field(&mut self, order: impl Fn(&str) -> usize) {
        self.0.sort_by_key(|error| order(&error.field));
    }

    /// `Ok` when nothing was pushed.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

/// Turns what `validator` found about a form's shape into our codes. Every rule names its code (`code = "too_long"`);
/// one that does not is a bug and shows as `Characters`.
impl From<validator::ValidationErrors> for FormErrors {
    fn from(errors: validator::ValidationErrors) -> Self {
        let mut found = Self::default();
        for (field, errors) in errors.field_errors() {
            for error in errors {
                let number =
                    |name: &str| error.params.get(name).and_then(|v| v.to_string().parse().ok()).unwrap_or_default();
                let code = match error.code.as_ref() {
                    "required" => ErrorCode::Required,
                    "too_long" => ErrorCode::TooLong { max: number("max") },
                    "too_short" => ErrorCode::TooShort { min: number("min") },
                    "passwords_differ" => ErrorCode::PasswordsDiffer,
                    "consent_required" => ErrorCode::ConsentRequired,
                    _ => ErrorCode::Characters,
                };
                found.push(field.to_string(), code);
            }
        }
        found
    }
}
