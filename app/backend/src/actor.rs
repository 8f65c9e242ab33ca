//! Who is asking. An actor comes from a session or an API secret, never from a form.

use std::net::IpAddr;

use domain::{
    credential::Scope,
    member::{Permission, Role},
    trail::Reason,
};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Where a request comes from and what language it speaks, before anybody is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub address: IpAddr,
    pub language: Language,
}

/// The language of mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Korean,
    English,
}

impl Language {
    /// As rows and cookies have it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    pub(crate) fn of_code(code: &str) -> Self {
        if code == Self::English.code() { Self::English } else { Self::Korean }
    }
}

/// Somebody at work: a member in a browser, or a merchant's server with an API secret. Finders take it and add its
/// merchant, so another merchant's row is simply not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The member; of an API secret, who issued it.
    pub(crate) member: Uuid,
    pub(crate) merchant: Uuid,
    pub(crate) who: Who,
    pub(crate) reach: Reach,
    pub(crate) address: IpAddr,
    /// Why they do what they do, where they said so; for the trail.
    pub(crate) reason: Reason,
}

/// What an actor proved to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    Member { role: Role, email: String },
    ApiSecret { kid: String, scopes: Vec<Scope> },
}

/// The stores that an actor sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The primary store's: everything of the merchant.
    Merchant,
    /// One sub-store's: the live channels assigned to it, and all test channels.
    Store(Uuid),
}

impl Actor {
    /// The same, who said why.
    #[must_use]
    pub fn because(self, reason: Reason) -> Self {
        Self { reason, ..self }
    }

    pub fn may(&self, permission: Permission) -> bool {
        match &self.who {
            Who::Member { role, .. } => role.may(permission),
            Who::ApiSecret { scopes, .. } => Scope::for_permission(permission).is_some_and(|s| scopes.contains(&s)),
        }
    }

    /// Refuses whoever may not. A refusal to change something is to be noted: see [`crate::Backend::require`].
    pub fn require(&self, permission: Permission) -> Result<()> {
        match (&self.who, self.may(permission)) {
            (_, true) => Ok(()),
            (Who::Member { .. }, false) => Err(Error::Forbidden),
            (Who::ApiSecret { .. }, false) => Err(Error::ScopeMissing),
        }
    }

    /// Whose doing it is, by ids alone; for the log.
    pub const fn merchant_id(&self) -> Uuid {
        self.merchant
    }

    /// The member, or the id part of the API secret.
    pub fn acting_id(&self) -> String {
        self.credential().map_or_else(|| self.member.to_string(), str::to_owned)
    }

    /// A member's role; none of an API secret.
    pub const fn role(&self) -> Option<Role> {
        match &self.who {
            Who::Member { role, .. } => Some(*role),
            Who::ApiSecret { .. } => None,
        }
    }

    /// The member in person: what is about an account is nothing an API secret can do.
    pub(crate) fn person(&self) -> Result<(Role, &str)> {
        match &self.who {
            Who::Member { role, email } => Ok((*role, email)),
            Who::ApiSecret { .. } => Err(Error::ScopeMissing),
        }
    }

    /// The id part of the API secret that is at work.
    pub(crate) fn credential(&self) -> Option<&str> {
        match &self.who {
            Who::Member { .. } => None,
            Who::ApiSecret { kid, .. } => Some(kid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(who: Who) -> Actor {
        let (member, merchant) = (Uuid::from_u128(1), Uuid::from_u128(2));
        Actor {
            member,
            merchant,
            who,
            reach: Reach::Merchant,
            address: [127, 0, 0, 1].into(),
            reason: Reason::default(),
        }
    }

    fn member(role: Role) -> Actor {
        actor(Who::Member { role, email: "kim@example.com".to_owned() })
    }

    fn server(scopes: &[Scope]) -> Actor {
        actor(Who::ApiSecret { kid: "abcdefghijkl".to_owned(), scopes: scopes.to_vec() })
    }

    #[test]
    fn a_member_may_what_the_role_may() {
        for role in Role::ALL {
            for permission in Permission::ALL {
                let (may, asked) = (role.may(permission), member(role).require(permission));
                assert_eq!(member(role).may(permission), may);
                assert!(
                    if may { asked.is_ok() } else { matches!(asked, Err(Error::Forbidden)) },
                    "{role:?} {permission:?}"
                );
            }
        }
    }

    #[test]
    fn a_server_may_what_its_secret_is_for_and_nothing_that_is_for_people() {
        let all = server(&Scope::ALL);
        for permission in Permission::ALL {
            let scope = match permission {
                Permission::ViewChannels => Some(Scope::ChannelsRead),
                Permission::EditTestChannels | Permission::EditLiveChannels => Some(Scope::ChannelsWrite),
                _ => None,
            };
            assert_eq!(all.require(permission).is_ok(), scope.is_some(), "{permission:?}");
            let others: Vec<Scope> = Scope::ALL.into_iter().filter(|one| Some(*one) != scope).collect();
            assert!(matches!(server(&others).require(permission), Err(Error::ScopeMissing)), "{permission:?}");
        }
    }

    #[test]
    fn a_server_is_no_person_and_goes_by_the_id_of_its_secret() {
        let (person, server) = (member(Role::Dev), server(&Scope::ALL));
        assert_eq!((person.role(), server.role()), (Some(Role::Dev), None));
        assert!(matches!(person.person(), Ok((Role::Dev, "kim@example.com"))));
        assert!(matches!(server.person(), Err(Error::ScopeMissing)));
        assert_eq!((person.credential(), server.credential()), (None, Some("abcdefghijkl")));
        assert_eq!(
            (person.acting_id(), server.acting_id()),
            (Uuid::from_u128(1).to_string(), "abcdefghijkl".to_owned())
        );
        assert_eq!(person.merchant_id(), Uuid::from_u128(2));
    }

    #[test]
    fn a_language_reads_back_and_what_is_none_of_ours_is_korean() {
        for language in [Language::Korean, Language::English] {
            assert_eq!(Language::of_code(language.code()), language);
        }
        assert_eq!(Language::of_code("fr"), Language::Korean);
    }
}
