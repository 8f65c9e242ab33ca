//! What somebody with an account changes about it, or with a link about to have one: as typed and as parsed.

use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::{
    account::{Email, Password},
    form::{ErrorCode, FormErrors},
    secret::Typed,
};

/// A password to be set, typed twice.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[serde(default)]
#[validate(schema(function = "same_passwords", skip_on_field_errors = false))]
pub struct NewPasswordForm {
    pub password: Typed,
    pub password_again: Typed,
}

fn same_passwords(form: &NewPasswordForm) -> Result<(), ValidationError> {
    if form.password == form.password_again { Ok(()) } else { Err(ValidationError::new("passwords_differ")) }
}

impl TryFrom<NewPasswordForm> for Password {
    type Error = FormErrors;

    fn try_from(form: NewPasswordForm) -> Result<Self, FormErrors> {
        let password = Self::parse(&form.password).map_err(|code| FormErrors::one("password", code));
        match (password, form.validate().is_ok()) {
            (Ok(password), true) => Ok(password),
            (Ok(_), false) => Err(FormErrors::one("password_again", ErrorCode::PasswordsDiffer)),
            (Err(mut errors), is_same) => {
                if !is_same {
                    errors.push("password_again", ErrorCode::PasswordsDiffer);
                }
                Err(errors)
            }
        }
    }
}

/// 비밀번호 변경.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangePasswordForm {
    pub current: Typed,
    pub password: Typed,
    pub password_again: Typed,
}

/// A change of password that may be tried.
#[derive(Debug, Clone)]
pub struct ChangePassword {
    pub current: Password,
    pub new: Password,
}

impl TryFrom<ChangePasswordForm> for ChangePassword {
    type Error = FormErrors;

    fn try_from(form: ChangePasswordForm) -> Result<Self, FormErrors> {
        let current = current_password(&form.current);
        let new = NewPasswordForm { password: form.password.clone(), password_again: form.password_again.clone() };
        match (current, Password::try_from(new)) {
            (Ok(current), Ok(new)) => Ok(Self { current, new }),
            (current, new) => {
                let mut errors = FormErrors::default();
                errors.0.extend(current.err().into_iter().chain(new.err()).flat_map(|errors| errors.0));
                Err(errors)
            }
        }
    }
}

/// 이메일 변경.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeEmailForm {
    pub email: String,
    pub current: Typed,
}

/// A change of address that may be tried.
#[derive(Debug, Clone)]
pub struct ChangeEmail {
    pub email: Email,
    pub current: Password,
}

impl TryFrom<ChangeEmailForm> for ChangeEmail {
    type Error = FormErrors;

    fn try_from(form: ChangeEmailForm) -> Result<Self, FormErrors> {
        let email = Email::parse(&form.email).map_err(|code| FormErrors::one("email", code));
        match (email, current_password(&form.current)) {
            (Ok(email), Ok(current)) => Ok(Self { email, current }),
            (email, current) => {
                let mut errors = FormErrors::default();
                errors.0.extend(email.err().into_iter().chain(current.err()).flat_map(|errors| errors.0));
                Err(errors)
            }
        }
    }
}

/// The password that is in use, typed once more. One that is too long to be any is not worth hashing.
fn current_password(typed: &Typed) -> Result<Password, FormErrors> {
    match typed.as_str().chars().count() {
        0 => Err(FormErrors::one("current", ErrorCode::Required)),
        n if n > 4 * Password::MAX as usize => Err(FormErrors::one("current", ErrorCode::PasswordWrong)),
        _ => Ok(Password::as_typed(typed)),
    }
}

/// What an invited person agrees to.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct ConsentsForm {
    /// 이용약관, required.
    #[validate(length(min = 1, code = "consent_required"))]
    pub terms: String,
    /// 개인정보 수집 및 이용, required.
    #[validate(length(min = 1, code = "consent_required"))]
    pub privacy: String,
    /// 마케팅 정보 수신, optional.
    pub marketing: String,
}

/// 초대 수락: the link proves the address, so a password and the consents are all that is missing.
#[derive(Debug, Clone)]
pub struct Acceptance {
    pub password: Password,
    pub marketing: bool,
}

impl Acceptance {
    pub fn parse(password: NewPasswordForm, consents: &ConsentsForm) -> Result<Self, FormErrors> {
        let (password, consented) = (Password::try_from(password), consents.validate());
        match (password, consented) {
            (Ok(password), Ok(())) => Ok(Self { password, marketing: !consents.marketing.is_empty() }),
            (password, consented) => {
                let mut errors = password.err().unwrap_or_default();
                errors.0.extend(consented.err().into_iter().flat_map(|shape| FormErrors::from(shape).0));
                Err(errors)
            }
        }
    }
}

/// Where somebody is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Names the session; opens none.
    pub handle: String,
    /// As [`device`] tells it; empty where nothing is known.
    pub device: String,
    /// The network address that it was last used from.
    pub address: String,
    /// UTC milliseconds since 1970.
    pub created_at: i64,
    pub seen_at: i64,
    pub is_current: bool,
}

/// The browser and system that a `User-Agent` names, as far as it can be told: `Chrome · macOS`. For the eye only.
pub fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| (*name).to_owned())
    };
    // The order matters: every browser also claims to be those that came before it.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("Whale/", "Whale"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(text: &str) -> NewPasswordForm {
        NewPasswordForm { password: Typed::new(text), password_again: Typed::new(text) }
    }

    #[test]
    fn a_change_of_password_says_everything_that_is_missing_at_once() {
        let form = ChangePasswordForm { password: Typed::new("short"), ..ChangePasswordForm::default() };
        let errors = ChangePassword::try_from(form).expect_err("refused");
        assert_eq!(errors.of("current"), Some(&ErrorCode::Required));
        assert_eq!(errors.of("password"), Some(&ErrorCode::TooShort { min: 10 }));
        assert_eq!(errors.of("password_again"), Some(&ErrorCode::PasswordsDiffer));
    }

    #[test]
    fn an_invited_person_agrees_to_what_is_required() {
        let errors = Acceptance::parse(twice("correct horse battery"), &ConsentsForm::default()).expect_err("refused");
        assert_eq!(errors.of("terms"), Some(&ErrorCode::ConsentRequired));
        assert_eq!(errors.of("privacy"), Some(&ErrorCode::ConsentRequired));
        let consents = ConsentsForm { terms: "on".into(), privacy: "on".into(), marketing: String::new() };
        assert!(!Acceptance::parse(twice("correct horse battery"), &consents).expect("accepted").marketing);
    }

    #[test]
    fn a_device_is_called_by_its_browser_and_system() {
        let chrome = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";
        let edge =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        assert_eq!((&*device(chrome), &*device(safari)), ("Chrome · macOS", "Safari · iPhone"));
        assert_eq!((&*device(edge), &*device("curl/8.0"), &*device("<script>")), ("Edge · Windows", "", ""));
    }
}
