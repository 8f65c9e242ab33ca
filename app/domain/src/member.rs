//! Members of a merchant and what their role lets them do.

use serde::{Deserialize, Serialize};

/// 계정 권한. Roles and their reach: "결제 연동 준비하기" (seed 004) and the notes on the console's accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Dev,
    Manager,
    Viewer,
}

/// One thing a member may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See channels; never their secrets.
    ViewChannels,
    /// Add, edit, pause, resume, delete and restore channels of either mode.
    EditChannels,
    /// Issue, re-issue, revoke and show the merchant's credentials.
    IssueCredentials,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Admin, Self::Dev, Self::Manager, Self::Viewer];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Dev => "dev",
            Self::Manager => "manager",
            Self::Viewer => "viewer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// The whole policy, in one place: default is no.
    pub const fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::ViewChannels => true,
            Permission::EditChannels => matches!(self, Self::Owner | Self::Admin | Self::Dev),
            Permission::IssueCredentials => matches!(self, Self::Owner | Self::Admin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_owner_and_admin_issue_credentials() {
        let may: Vec<_> = Role::ALL.into_iter().filter(|r| r.may(Permission::IssueCredentials)).collect();
        assert_eq!(may, [Role::Owner, Role::Admin]);
    }

    #[test]
    fn every_role_reads_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }
}
