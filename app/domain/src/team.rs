//! People of a merchant: inviting them, changing what they may, and what may be shown of them.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::{
    account::Email,
    form::{ErrorCode, FormErrors},
    id::{InvitationId, MemberId, StoreId},
    member::Role,
    text,
};

/// A note to oneself about a member: at most 100 characters, on one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memo(String);

impl Memo {
    pub const MAX: u32 = 100;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        text::note(typed, Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 계정 초대.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct InviteForm {
    #[validate(length(max = 1000, code = "too_long"))]
    pub email: String,
    pub role: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub memo: String,
    /// A sub-store to which the member is limited; empty for none.
    pub store: String,
}

/// An invitation that may be written down.
#[derive(Debug, Clone)]
pub struct Invite {
    pub email: Email,
    pub memo: Memo,
    pub standing: Standing,
}

impl TryFrom<InviteForm> for Invite {
    type Error = FormErrors;

    fn try_from(form: InviteForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let email = Email::parse(&form.email).map_err(|code| errors.push("email", code)).ok();
        let memo = Memo::parse(&form.memo).map_err(|code| errors.push("memo", code)).ok();
        let standing = Standing::parse(&form.role, &form.store);
        let standing = standing.map_err(|found| errors.complete_with(found)).ok();
        if let Err(shape) = form.validate() {
            errors.complete_with(shape.into());
        }
        match (email, memo, standing) {
            (Some(email), Some(memo), Some(standing)) if errors.is_empty() => Ok(Self { email, memo, standing }),
            _ => Err(errors),
        }
    }
}

/// What a member may, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub role: Role,
    /// The one sub-store to which the member is limited.
    pub store: Option<StoreId>,
}

impl Standing {
    /// From a form's `role` and `store`; an empty store is none.
    pub fn parse(role: &str, store: &str) -> Result<Self, FormErrors> {
        let role = Role::parse(role).ok_or_else(|| FormErrors::one("role", ErrorCode::NotAChoice))?;
        if store.is_empty() {
            return Ok(Self { role, store: None });
        }
        let store = store.parse().map_err(|_| FormErrors::one("store", ErrorCode::NotAChoice))?;
        if !role.may_be_limited() {
            return Err(FormErrors::one("store", ErrorCode::RoleNotLimited));
        }
        Ok(Self { role, store: Some(store) })
    }
}

/// A line of 팀.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub id: MemberId,
    pub email: String,
    pub role: Role,
    pub memo: String,
    /// The name of the sub-store to which the member is limited, and its id.
    pub store: Option<(StoreId, String)>,
    /// UTC milliseconds since 1970, as all times here.
    pub joined_at: i64,
    /// Whether it is who is looking.
    pub is_me: bool,
}

/// An invitation that nobody has accepted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    pub id: InvitationId,
    pub email: String,
    pub role: Role,
    pub memo: String,
    pub store: Option<(StoreId, String)>,
    pub expires_at: i64,
    pub is_over: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = "store-00000000-0000-0000-0000-000000000007";

    fn form(role: &str, store: &str) -> InviteForm {
        InviteForm { email: "kim@example.com".into(), role: role.into(), memo: String::new(), store: store.into() }
    }

    #[test]
    fn only_managers_and_viewers_are_limited_to_a_store() {
        for role in Role::ALL {
            let parsed = Invite::try_from(form(role.as_str(), STORE));
            assert_eq!(parsed.is_ok(), matches!(role, Role::Manager | Role::Viewer), "{role:?}");
        }
        let errors = Invite::try_from(form("dev", STORE)).expect_err("refused");
        assert_eq!(errors.of("store"), Some(&ErrorCode::RoleNotLimited));
    }

    #[test]
    fn a_role_that_is_none_is_refused_beside_the_address_that_is_none() {
        let errors = Invite::try_from(InviteForm { email: "x".into(), ..form("root", "") }).expect_err("refused");
        assert_eq!(
            (errors.of("email"), errors.of("role")),
            (Some(&ErrorCode::EmailInvalid), Some(&ErrorCode::NotAChoice))
        );
    }

    #[test]
    fn a_memo_is_one_line_of_at_most_100_characters() {
        assert_eq!(Memo::parse(" 정산\n담당 ").map(|memo| memo.0), Ok("정산 담당".to_owned()));
        assert_eq!(Memo::parse(&"가".repeat(101)), Err(ErrorCode::TooLong { max: 100 }));
        assert_eq!(Memo::parse("a\0b"), Err(ErrorCode::Characters));
    }
}
