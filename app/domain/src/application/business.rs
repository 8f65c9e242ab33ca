//! 비즈니스 인증: who the merchant is, part by part.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{ApplicationError, BusinessKind, ServiceUrl, Step};
use crate::{
    account::Email,
    form::{ErrorCode, FormErrors},
    secret::{Secret, Typed},
    text,
};

/// 사업자등록번호: ten digits, the last of which checks the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BusinessNumber(String);

impl BusinessNumber {
    /// The weights of the first nine digits, by the National Tax Service's rule.
    const WEIGHTS: [u32; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        let typed = text::clean_line(typed);
        if typed.is_empty() {
            return Err(ErrorCode::Required);
        }
        let digits: Vec<u32> =
            typed.chars().filter(|c| !matches!(c, '-' | ' ')).filter_map(|c| c.to_digit(10)).collect();
        let others = typed.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '-' | ' ')).count();
        let [first @ .., ninth, check] = digits.as_slice() else {
            return Err(ApplicationError::BusinessNumberForm.into());
        };
        if first.len() != 8 || others > 0 {
            return Err(ApplicationError::BusinessNumberForm.into());
        }
        let weighted: u32 = digits.iter().zip(Self::WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        let sum = weighted + ninth * 5 / 10;
        if (10 - sum % 10) % 10 != *check || digits.iter().all(|digit| *digit == 0) {
            return Err(ApplicationError::BusinessNumberCheck.into());
        }
        Ok(Self(digits.iter().map(|digit| char::from_digit(*digit, 10).unwrap_or('0')).collect()))
    }

    /// As it is printed: `123-45-67890`.
    pub fn printed(&self) -> String {
        match (self.0.get(..3), self.0.get(3..5), self.0.get(5..)) {
            (Some(office), Some(kind), Some(rest)) => format!("{office}-{kind}-{rest}"),
            _ => self.0.clone(),
        }
    }
}

/// 사업자 정보, as the registration certificate has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    pub kind: BusinessKind,
    pub number: BusinessNumber,
    /// 상호
    pub company: String,
    /// 대표자
    pub representative: String,
    /// 업종
    pub sector: String,
    /// 업태
    pub trade: String,
    pub address: String,
}

/// 담당자
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// 서비스 URL and 담당자.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub url: ServiceUrl,
    pub contact: Contact,
    /// When the URL's host was last found, with public addresses only; `None` while no look-up was answered.
    #[serde(default)]
    pub found_at: Option<i64>,
}

/// 계좌번호: 8 to 20 digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountNumber(Secret);

impl AccountNumber {
    pub fn parse(typed: &Typed) -> Result<Self, ErrorCode> {
        let typed = text::clean_line(typed.as_str());
        let is_digits = typed.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' '));
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        match (typed.is_empty(), is_digits && (8..=20).contains(&digits.len())) {
            (true, _) => Err(ErrorCode::Required),
            (false, false) => Err(ApplicationError::AccountNumber.into()),
            (false, true) => Ok(Self(Secret::new(digits))),
        }
    }

    pub const fn secret(&self) -> &Secret {
        &self.0
    }
}

/// 정산 계좌
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub bank: String,
    /// None keeps the number that is stored.
    pub number: Option<AccountNumber>,
}

/// What one step of 비즈니스 인증 saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Business(Business),
    Service(Service),
    Settlement(Settlement),
}

/// What a step can build on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// There is an account number: a blank one keeps it.
    pub number: bool,
}

/// The inputs of all steps; each page has those of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct BusinessForm {
    #[validate(length(max = 20, code = "too_long"))]
    pub kind: String,
    #[validate(length(max = 100, code = "too_long"))]
    pub number: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub company: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub representative: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub sector: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub trade: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub address: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub url: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub contact_name: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub contact_email: String,
    #[validate(length(max = 100, code = "too_long"))]
    pub contact_phone: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub bank: String,
    pub account_number: Typed,
}

impl BusinessForm {
    /// What a step's inputs say; every error beside its field. The last step is an upload and has no inputs.
    pub fn parse(&self, step: Step, stored: Stored) -> Result<Part, FormErrors> {
        let mut errors = FormErrors::default();
        let part = match step {
            Step::Business => self.business(&mut errors).map(Part::Business),
            Step::Service => self.service(&mut errors).map(Part::Service),
            Step::Settlement => self.settlement(stored, &mut errors).map(Part::Settlement),
            Step::Registration => {
                errors.push("step", ErrorCode::NotAChoice);
                None
            }
        };
        if let Err(shape) = self.validate() {
            errors.complete_with(shape.into());
        }
        match part {
            Some(part) if errors.is_empty() => Ok(part),
            _ => Err(errors),
        }
    }

    fn business(&self, errors: &mut FormErrors) -> Option<Business> {
        let kind = BusinessKind::parse(&self.kind);
        if kind.is_none() {
            errors.push("kind", ErrorCode::NotAChoice);
        }
        let number = beside(errors, "number", BusinessNumber::parse(&self.number));
        let company = beside(errors, "company", line(&self.company, 100));
        let representative = beside(errors, "representative", line(&self.representative, 50));
        let sector = beside(errors, "sector", line(&self.sector, 100));
        let trade = beside(errors, "trade", line(&self.trade, 100));
        let address = beside(errors, "address", line(&self.address, 200));
        Some(Business {
            kind: kind?,
            number: number?,
            company: company?,
            representative: representative?,
            sector: sector?,
            trade: trade?,
            address: address?,
        })
    }

    fn service(&self, errors: &mut FormErrors) -> Option<Service> {
        let url = beside(errors, "url", ServiceUrl::parse(&self.url));
        let name = beside(errors, "contact_name", line(&self.contact_name, 50));
        let email = beside(errors, "contact_email", Email::parse(&self.contact_email));
        let phone = beside(errors, "contact_phone", phone(&self.contact_phone));
        let contact = Contact { name: name?, email: email?.as_str().to_owned(), phone: phone? };
        Some(Service { url: url?, contact, found_at: None })
    }

    fn settlement(&self, stored: Stored, errors: &mut FormErrors) -> Option<Settlement> {
        let bank = beside(errors, "bank", line(&self.bank, 30));
        let keeps = stored.number && self.account_number.as_str().trim().is_empty();
        let number = if keeps {
            Some(None)
        } else {
            beside(errors, "account_number", AccountNumber::parse(&self.account_number)).map(Some)
        };
        Some(Settlement { bank: bank?, number: number? })
    }

    /// What is stored, as its form shows it; the account number is never shown.
    pub fn of(business: Option<&Business>, service: Option<&Service>, bank: Option<&str>) -> Self {
        let mut form = Self { bank: bank.unwrap_or_default().to_owned(), ..Self::default() };
        if let Some(Business { kind, number, company, representative, sector, trade, address }) = business {
            kind.as_str().clone_into(&mut form.kind);
            form.number = number.printed();
            form.company.clone_from(company);
            form.representative.clone_from(representative);
            form.sector.clone_from(sector);
            form.trade.clone_from(trade);
            form.address.clone_from(address);
        }
        if let Some(Service { url, contact, .. }) = service {
            url.as_str().clone_into(&mut form.url);
            form.contact_name.clone_from(&contact.name);
            form.contact_email.clone_from(&contact.email);
            form.contact_phone.clone_from(&contact.phone);
        }
        form
    }
}

fn beside<T>(errors: &mut FormErrors, field: &str, parsed: Result<T, ErrorCode>) -> Option<T> {
    parsed.map_err(|code| errors.push(field, code)).ok()
}

/// One line in somebody's own words, which must not be empty.
fn line(typed: &str, max: u32) -> Result<String, ErrorCode> {
    let line = text::note(typed, max)?;
    if line.is_empty() {
        Err(ErrorCode::Required)
    } else if line.chars().any(text::is_default_ignorable) {
        Err(ErrorCode::Characters)
    } else {
        Ok(line)
    }
}

/// 8 to 15 digits, as they were grouped.
fn phone(typed: &str) -> Result<String, ErrorCode> {
    let phone = text::clean_line(typed);
    if phone.is_empty() {
        return Err(ErrorCode::Required);
    }
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let rest = phone.strip_prefix('+').unwrap_or(&phone);
    let is_phone = rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '(' | ')'));
    if is_phone && (8..=15).contains(&digits) { Ok(phone) } else { Err(ApplicationError::Phone.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_business_number_is_checked_by_its_last_digit() {
        // Computed by the published rule: 220-81-62517 is the usual example, the others by hand.
        for good in ["220-81-62517", "2208162517", " 220 81 62517 ", "１２４-81-00998"] {
            assert!(BusinessNumber::parse(good).is_ok(), "{good}");
        }
        for wrong in ["220-81-62518", "120-81-62517", "000-00-00000"] {
            assert_eq!(BusinessNumber::parse(wrong), Err(ApplicationError::BusinessNumberCheck.into()), "{wrong}");
        }
        for unlike in ["220-81-6251", "220-81-625170", "22O-81-62517", "abc"] {
            assert_eq!(BusinessNumber::parse(unlike), Err(ApplicationError::BusinessNumberForm.into()), "{unlike}");
        }
        assert_eq!(BusinessNumber::parse("2208162517").map(|number| number.printed()), Ok("220-81-62517".into()));
    }

    #[test]
    fn every_digit_of_a_business_number_counts() {
        for place in 0..9 {
            let mut digits = *b"2208162517";
            digits[place] = if digits[place] == b'9' { b'0' } else { digits[place] + 1 };
            let wrong = String::from_utf8_lossy(&digits).into_owned();
            assert!(BusinessNumber::parse(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_account_number_is_digits_and_is_not_shown() {
        let number = AccountNumber::parse(&Typed::new("110-123-456789")).expect("taken");
        assert_eq!(number.secret().expose(), "110123456789");
        assert!(!format!("{number:?}").contains("110"));
        for bad in ["1234567", "계좌 110", "123456789012345678901"] {
            assert_eq!(AccountNumber::parse(&Typed::new(bad)), Err(ApplicationError::AccountNumber.into()), "{bad}");
        }
    }

    #[test]
    fn a_blank_account_number_keeps_the_stored_one() {
        let form = BusinessForm { bank: "신한은행".into(), ..BusinessForm::default() };
        let kept = Part::Settlement(Settlement { bank: "신한은행".into(), number: None });
        assert_eq!(form.parse(Step::Settlement, Stored { number: true }), Ok(kept));
        let refused = form.parse(Step::Settlement, Stored::default()).expect_err("refused");
        assert_eq!(refused, FormErrors::one("account_number", ErrorCode::Required));
    }

    #[test]
    fn every_error_of_a_step_is_told_at_once_beside_its_field() {
        let refused = BusinessForm::default().parse(Step::Business, Stored::default()).expect_err("refused");
        let fields: Vec<_> = refused.0.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["kind", "number", "company", "representative", "sector", "trade", "address"]);
        let refused = BusinessForm::default().parse(Step::Service, Stored::default()).expect_err("refused");
        assert_eq!(refused.0.len(), 4);
    }

    #[test]
    fn phones_are_told_from_other_text() {
        for good in ["02-1234-5678", "+82 10 1234 5678", "(031)123-4567"] {
            assert!(phone(good).is_ok(), "{good}");
        }
        for bad in ["1234", "전화 02-1234-5678", "12345678901234567"] {
            assert_eq!(phone(bad), Err(ApplicationError::Phone.into()), "{bad}");
        }
    }
}
