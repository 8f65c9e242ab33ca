//! Who is asking. An actor comes from a session only (later also from an API credential), never from a form.

use std::net::IpAddr;

use domain::member::{Permission, Role};
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

/// A member at work. Finders take it and add its merchant, so another merchant's row is simply not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub(crate) member: Uuid,
    pub(crate) merchant: Uuid,
    pub(crate) role: Role,
    pub(crate) email: String,
    pub(crate) address: IpAddr,
}

impl Actor {
    /// `Err(Forbidden)` unless the role allows it.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.role.may(permission) { Ok(()) } else { Err(Error::Forbidden) }
    }

    pub const fn role(&self) -> Role {
        self.role
    }
}
