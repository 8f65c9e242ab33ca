//! 전자결제 신청: from "we have a business" to "these PGs, in this state" (chapter 2 of 결제 연동 준비하기, seed 004).

mod business;
mod choice;
mod public_address;
mod service_url;
mod upload;
pub mod view;

use std::{collections::BTreeMap, fmt};

pub use business::{AccountNumber, Business, BusinessForm, BusinessNumber, Contact, Part, Service, Settlement, Stored};
pub use choice::{Choice, ChoiceForm, offered};
pub use public_address::is_public;
use serde::{Deserialize, Serialize};
pub use service_url::ServiceUrl;
pub use upload::{Media, Upload};
use validator::Validate;
use view::Hold;

use crate::{
    channel::word,
    form::{ErrorCode, FormErrors},
    text,
};

word!(
    /// 약관 of 전자결제 신청.
    Consent {
        /// 개인정보 제3자 제공
        ThirdParty = "third_party",
        /// 개인정보 수집 및 이용
        Collection = "collection",
        /// 마케팅 정보 수신
        Marketing = "marketing",
    }
);

impl Consent {
    /// The words that are agreed to; raised whenever they change, and kept with each consent.
    pub const VERSION: &'static str = "2026-11-22";

    pub const fn is_required(self) -> bool {
        !matches!(self, Self::Marketing)
    }

    /// Whether the required ones were given in the words of today.
    pub fn are_given(consents: &[Consented]) -> bool {
        let is_given = |one: &Self| consents.iter().any(|it| it.consent == *one && it.version == Self::VERSION);
        Self::ALL.iter().filter(|one| one.is_required()).all(is_given)
    }
}

word!(
    /// 사업자 유형
    BusinessKind {
        /// 법인
        Corporate = "corporate",
        /// 개인
        Individual = "individual",
        /// 간이
        Simplified = "simplified",
    }
);

word!(
    /// The steps of 비즈니스 인증, in their order; each is saved by itself.
    Step {
        /// 사업자 정보
        Business = "business",
        /// 서비스 URL and 담당자
        Service = "service",
        /// 정산 계좌
        Settlement = "settlement",
        /// 사업자등록증
        Registration = "registration",
    }
);

impl Step {
    /// The step after this one, if it is not the last.
    pub fn next(self) -> Option<Self> {
        let mut later = Self::ALL.iter().copied().skip_while(|step| *step != self);
        later.nth(1)
    }
}

word!(
    /// Where the application for one PG's module stands.
    State {
        /// 작성 중
        Draft = "draft",
        /// 신청 완료
        Submitted = "submitted",
        /// 심사 중
        InReview = "in_review",
        /// 보완 요청
        ChangesRequested = "changes_requested",
        /// 계약 완료
        Contracted = "contracted",
        /// 반려
        Rejected = "rejected",
    }
);

/// Who moves an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mover {
    /// The merchant, by its Owner or Admin.
    Merchant,
    /// The service's operator.
    Operator,
}

impl State {
    /// The moves that there are; what stands nowhere is not one.
    const MOVES: &'static [(Self, Self, Mover)] = &[
        (Self::Draft, Self::Submitted, Mover::Merchant),
        (Self::ChangesRequested, Self::Submitted, Mover::Merchant),
        // Another attempt.
        (Self::Rejected, Self::Draft, Mover::Merchant),
        (Self::Submitted, Self::InReview, Mover::Operator),
        (Self::Submitted, Self::ChangesRequested, Mover::Operator),
        (Self::Submitted, Self::Rejected, Mover::Operator),
        (Self::InReview, Self::ChangesRequested, Mover::Operator),
        (Self::InReview, Self::Contracted, Mover::Operator),
        (Self::InReview, Self::Rejected, Mover::Operator),
        (Self::ChangesRequested, Self::Rejected, Mover::Operator),
    ];

    pub fn may_move(self, to: Self, by: Mover) -> bool {
        Self::MOVES.contains(&(self, to, by))
    }

    /// Whether the merchant has it in hand.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::ChangesRequested)
    }

    /// Whether the operator looks at it.
    pub const fn is_looked_at(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview)
    }

    /// Whether the merchant must be told why.
    pub const fn needs_note(self) -> bool {
        matches!(self, Self::ChangesRequested | Self::Rejected)
    }
}

/// What was entered for 비즈니스 인증 stays as it is while somebody looks at it, unless somebody has asked for changes.
pub fn hold(states: impl IntoIterator<Item = State>) -> Hold {
    let (mut is_looked_at, mut is_asked) = (false, false);
    for state in states {
        is_looked_at |= state.is_looked_at();
        is_asked |= state == State::ChangesRequested;
    }
    match (is_looked_at, is_asked) {
        (false, _) => Hold::Free,
        (true, true) => Hold::Shared,
        (true, false) => Hold::Locked,
    }
}

/// What the operator says to the merchant with a move, in a sentence or two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    pub const MAX: u32 = 500;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        text::note(typed, Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

word!(
    /// 카드사, by the codes of V1 (§8 of the catalogue's notes: PortOne's card-code page).
    Issuer {
        Bc = "361",
        Kb = "381",
        Hyundai = "367",
        Samsung = "365",
        Lotte = "368",
        Nh = "371",
        Woori = "041",
        Hana = "374",
        Shinhan = "366",
        Citi = "370",
        Kwangju = "364",
        Jeonbuk = "372",
        Jeju = "373",
        Suhyup = "369",
        Kdb = "002",
        Saemaul = "045",
        Shinhyup = "048",
        Post = "071",
        Kbank = "089",
        Kakaobank = "090",
    }
);

word!(
    /// 카드사 심사 of one issuer.
    Review {
        /// 심사 중
        Pending = "pending",
        /// 심사 완료
        Approved = "approved",
        /// 반려
        Rejected = "rejected",
    }
);

/// What 전자결제 신청 refuses in ways that no other form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationError {
    /// Both required consents are needed to apply.
    ConsentNeeded,
    /// Not ten digits.
    BusinessNumberForm,
    /// Ten digits whose check digit is wrong.
    BusinessNumberCheck,
    /// Not an address that begins with https://.
    UrlNotHttps,
    /// No host name that everybody can reach: an IP address, localhost, a name without a dot.
    UrlHost,
    /// A host name that does not exist.
    UrlUnknown,
    /// A host name with an address that only somebody's own network reaches.
    UrlPrivate,
    Phone,
    /// 8 to 20 digits, hyphens aside.
    AccountNumber,
    /// Nothing was chosen of a list.
    ChooseOne,
    /// Neither PDF nor PNG nor JPEG, whatever its name says.
    FileType,
    /// More than 10 MB.
    FileTooLarge,
    /// No file came.
    FileMissing,
    /// Something of 비즈니스 인증 is missing.
    BusinessIncomplete,
    /// Being looked at: nothing is changed meanwhile.
    Locked,
    /// There is an application for the module already.
    AlreadyApplied,
    /// The merchant must be told why.
    NoteNeeded,
}

impl From<ApplicationError> for ErrorCode {
    fn from(why: ApplicationError) -> Self {
        Self::Application { why }
    }
}

/// 약관 동의, as ticked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct ConsentForm {
    /// Ticked boxes by word; the value is the box's `on`.
    pub consents: BTreeMap<String, String>,
}

impl ConsentForm {
    pub fn has(&self, consent: Consent) -> bool {
        self.consents.contains_key(consent.as_str())
    }

    /// Which consents are given; the required ones are, or there is no application.
    pub fn parse(&self) -> Result<Vec<Consent>, FormErrors> {
        let mut errors = FormErrors::default();
        for consent in Consent::ALL.iter().filter(|consent| consent.is_required() && !self.has(**consent)) {
            errors.push(format!("consents.{consent}"), ApplicationError::ConsentNeeded.into());
        }
        errors.into_result()?;
        Ok(Consent::ALL.iter().copied().filter(|consent| self.has(*consent)).collect())
    }

    /// The form as it was ticked.
    pub fn of(consents: &[Consented]) -> Self {
        let ticked = |it: &Consented| (it.consent.as_str().to_owned(), "on".to_owned());
        Self { consents: consents.iter().map(ticked).collect() }
    }
}

/// A consent as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented {
    pub consent: Consent,
    pub version: String,
    /// UTC milliseconds since 1970.
    pub at: i64,
}

/// 카드사 심사 of one issuer, as it was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    pub issuer: Issuer,
    pub review: Review,
    pub at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_goes_from_draft_to_contract_by_two_hands() {
        let way = [
            (State::Draft, State::Submitted, Mover::Merchant),
            (State::Submitted, State::InReview, Mover::Operator),
            (State::InReview, State::ChangesRequested, Mover::Operator),
            (State::ChangesRequested, State::Submitted, Mover::Merchant),
            (State::InReview, State::Contracted, Mover::Operator),
        ];
        for (from, to, by) in way {
            assert!(from.may_move(to, by), "{from} {to}");
            let other = if by == Mover::Merchant { Mover::Operator } else { Mover::Merchant };
            assert!(!from.may_move(to, other), "{from} {to}");
        }
    }

    #[test]
    fn a_contract_is_the_end_and_nothing_is_contracted_unseen() {
        for to in State::ALL {
            for by in [Mover::Merchant, Mover::Operator] {
                assert!(!State::Contracted.may_move(*to, by), "{to}");
            }
            assert_eq!(to.may_move(State::Contracted, Mover::Operator), *to == State::InReview, "{to}");
        }
    }

    #[test]
    fn what_is_looked_at_is_locked_until_changes_are_asked_for() {
        assert_eq!(hold([]), Hold::Free);
        assert_eq!(hold([State::Draft, State::Contracted]), Hold::Free);
        assert_eq!(hold([State::Draft, State::Submitted]), Hold::Locked);
        assert_eq!(hold([State::InReview, State::ChangesRequested]), Hold::Shared);
    }

    #[test]
    fn both_required_consents_are_asked_for_and_marketing_is_not() {
        let of = |words: &[Consent]| ConsentForm {
            consents: words.iter().map(|word| (word.as_str().to_owned(), "on".to_owned())).collect(),
        };
        let refused = of(&[Consent::Marketing]).parse().expect_err("refused");
        assert_eq!(refused.0.len(), 2);
        let given = of(&[Consent::ThirdParty, Consent::Collection]).parse();
        assert_eq!(given, Ok(vec![Consent::ThirdParty, Consent::Collection]));
    }

    #[test]
    fn a_consent_is_good_for_the_words_that_were_read() {
        let given = |version: &str| {
            let one = |consent| Consented { consent, version: version.to_owned(), at: 0 };
            [Consent::ThirdParty, Consent::Collection].map(one).to_vec()
        };
        assert!(Consent::are_given(&given(Consent::VERSION)));
        assert!(!Consent::are_given(&given("2020-01-01")));
        assert!(!Consent::are_given(&given(Consent::VERSION)[..1]));
    }

    #[test]
    fn the_steps_follow_each_other() {
        assert_eq!(Step::Business.next(), Some(Step::Service));
        assert_eq!(Step::Registration.next(), None);
    }
}
