//! Signing up and logging in, as typed and as parsed.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use validator::{Validate, ValidateEmail as _, ValidationError};

use crate::{
    form::{ErrorCode, FormErrors},
    secret::{Secret, Typed},
    text,
};

/// An e-mail address as it is written to. At most 254 characters, domain in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub const MAX: u32 = 254;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        if text::is_endless(typed) {
            return Err(ErrorCode::TooLong { max: Self::MAX });
        }
        let trimmed: String = typed.trim().nfc().collect();
        if trimmed.is_empty() {
            return Err(ErrorCode::Required);
        }
        if trimmed.chars().count() > Self::MAX as usize {
            return Err(ErrorCode::TooLong { max: Self::MAX });
        }
        // Quoted local parts and addresses outside ASCII are legal, rare, and a way into mail headers.
        if !trimmed.bytes().all(|b| b.is_ascii_graphic() && b != b'"') || !trimmed.validate_email() {
            return Err(ErrorCode::EmailInvalid);
        }
        let (local, domain) = trimmed.rsplit_once('@').ok_or(ErrorCode::EmailInvalid)?;
        if !domain.contains('.') {
            return Err(ErrorCode::EmailInvalid);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes two addresses one account.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A password of 10 to 128 characters, in NFC: a Mac sends decomposed Hangul, others composed.
#[derive(Debug, Clone)]
pub struct Password(Secret);

impl Password {
    pub const MIN: u32 = 10;
    pub const MAX: u32 = 128;

    /// A password to be set. Whether it is easily guessed is the backend's question: it has the dictionary.
    pub fn parse(typed: &Typed) -> Result<Self, ErrorCode> {
        if text::is_endless(typed.as_str()) {
            return Err(ErrorCode::TooLong { max: Self::MAX });
        }
        let password = Self::as_typed(typed);
        match password.expose().chars().count() {
            0 => Err(ErrorCode::Required),
            n if n < Self::MIN as usize => Err(ErrorCode::TooShort { min: Self::MIN }),
            n if n > Self::MAX as usize => Err(ErrorCode::TooLong { max: Self::MAX }),
            _ => Ok(password),
        }
    }

    /// A password to be compared: rules of today must not lock out a password of yesterday.
    pub fn as_typed(typed: &Typed) -> Self {
        Self(Secret::new(typed.as_str().nfc().collect::<String>()))
    }

    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// 회원가입.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[serde(default)]
#[validate(schema(function = "same_passwords", skip_on_field_errors = false))]
pub struct SignUpForm {
    #[validate(length(max = 1000, code = "too_long"))]
    pub email: String,
    pub password: Typed,
    pub password_again: Typed,
    /// 이용약관, required.
    #[validate(custom(function = "consented"))]
    pub terms: String,
    /// 개인정보 수집 및 이용, required.
    #[validate(custom(function = "consented"))]
    pub privacy: String,
    /// 마케팅 정보 수신, optional.
    pub marketing: String,
}

fn consented(value: &str) -> Result<(), ValidationError> {
    if value.is_empty() { Err(ValidationError::new("consent_required")) } else { Ok(()) }
}

fn same_passwords(form: &SignUpForm) -> Result<(), ValidationError> {
    if form.password == form.password_again { Ok(()) } else { Err(ValidationError::new("passwords_differ")) }
}

/// A sign-up that may be written down.
#[derive(Debug, Clone)]
pub struct SignUp {
    pub email: Email,
    pub password: Password,
    pub marketing: bool,
}

impl TryFrom<SignUpForm> for SignUp {
    type Error = FormErrors;

    fn try_from(form: SignUpForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let email = Email::parse(&form.email).map_err(|code| errors.push("email", code)).ok();
        let password = Password::parse(&form.password).map_err(|code| errors.push("password", code)).ok();
        if let Err(shape) = form.validate() {
            let mut shape = FormErrors::from(shape);
            for error in shape.0.iter_mut().filter(|e| e.code == ErrorCode::PasswordsDiffer) {
                // A rule about the form as a whole: the second password is where it is mended.
                "password_again".clone_into(&mut error.field);
            }
            errors.complete_with(shape);
        }
        match (email, password) {
            (Some(email), Some(password)) if errors.is_empty() => {
                Ok(Self { email, password, marketing: !form.marketing.is_empty() })
            }
            _ => Err(errors),
        }
    }
}

/// 로그인.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LoginForm {
    pub email: String,
    pub password: Typed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> SignUpForm {
        SignUpForm {
            email: "owner@example.com".into(),
            password: Typed::new("correct horse battery"),
            password_again: Typed::new("correct horse battery"),
            terms: "on".into(),
            privacy: "on".into(),
            marketing: String::new(),
        }
    }

    fn error_of(form: SignUpForm, field: &str) -> Option<ErrorCode> {
        SignUp::try_from(form).err().and_then(|errors| errors.of(field).cloned())
    }

    #[test]
    fn a_filled_form_signs_up() {
        let sign_up = SignUp::try_from(form()).expect("valid");
        assert_eq!(sign_up.email.as_str(), "owner@example.com");
        assert!(!sign_up.marketing);
    }

    #[test]
    fn both_required_consents_are_asked_for() {
        let without = SignUpForm { terms: String::new(), privacy: String::new(), ..form() };
        assert_eq!(error_of(without.clone(), "terms"), Some(ErrorCode::ConsentRequired));
        assert_eq!(error_of(without, "privacy"), Some(ErrorCode::ConsentRequired));
    }

    #[test]
    fn a_second_password_that_differs_is_told_beside_it() {
        let differs = SignUpForm { password_again: Typed::new("something else"), ..form() };
        assert_eq!(error_of(differs, "password_again"), Some(ErrorCode::PasswordsDiffer));
    }

    #[test]
    fn a_password_has_10_to_128_characters() {
        for (length, code) in [(9, ErrorCode::TooShort { min: 10 }), (129, ErrorCode::TooLong { max: 128 })] {
            let typed = Typed::new("가".repeat(length));
            let form = SignUpForm { password: typed.clone(), password_again: typed, ..form() };
            assert_eq!(error_of(form, "password"), Some(code));
        }
    }

    #[test]
    fn addresses_that_could_bend_a_mail_header_are_refused() {
        for bad in ["a@b", "a b@example.com", "a@example.com\r\nBcc: x@example.com", "\"a b\"@example.com", "없음"] {
            assert_eq!(Email::parse(bad).err(), Some(ErrorCode::EmailInvalid), "{bad:?}");
        }
    }

    #[test]
    fn one_address_is_one_account_whatever_its_case() {
        let key = |text| Email::parse(text).map(|e| e.key());
        assert_eq!(key(" Owner@Example.COM "), key("owner@example.com"));
    }
}
