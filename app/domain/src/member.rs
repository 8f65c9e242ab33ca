//! Members of a merchant and what their role lets them do.

use serde::{Deserialize, Serialize};

use crate::channel::Mode;

/// 계정 권한. Roles and their reach: "결제 연동 준비하기" (seed 004) and the notes on the console's accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Dev,
    Manager,
    Viewer,
}

/// One thing a member may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See channels (never their secrets), stores and the team.
    ViewChannels,
    /// Add, edit, pause, resume, delete and restore test channels.
    EditTestChannels,
    /// The same with live channels.
    EditLiveChannels,
    /// Show and re-issue the V1 secret; issue, roll and revoke V2 secrets.
    IssueCredentials,
    /// See which keys there are: names, ids, last use. Never a secret.
    ViewKeys,
    /// Invite, change and remove Dev, Manager and Viewer; sub-stores; the trail.
    ManageMembers,
    /// Grant and remove Admin and Owner.
    ManageAdmins,
    /// See what was entered for 전자결제 신청. Its states anybody sees.
    ViewApplication,
    /// Consent, enter, upload, choose and submit.
    EditApplication,
}

use Permission as P;
use Role::{Admin, Dev, Manager, Owner};

/// The whole policy: who may do what. What stands nowhere is not allowed. The server asks it, the pages draw by it, and
/// the tests walk through it.
const POLICY: [(Permission, &[Role]); 9] = [
    (P::ViewChannels, &Role::ALL),
    (P::EditTestChannels, &[Owner, Admin, Dev]),
    (P::EditLiveChannels, &[Owner, Admin, Dev]),
    (P::IssueCredentials, &[Owner, Admin]),
    (P::ViewKeys, &[Owner, Admin, Dev]),
    (P::ManageMembers, &[Owner, Admin]),
    (P::ManageAdmins, &[Owner]),
    (P::ViewApplication, &[Owner, Admin, Dev, Manager]),
    (P::EditApplication, &[Owner, Admin]),
];

impl Permission {
    pub const ALL: [Self; 9] = [
        Self::ViewChannels,
        Self::EditTestChannels,
        Self::EditLiveChannels,
        Self::IssueCredentials,
        Self::ViewKeys,
        Self::ManageMembers,
        Self::ManageAdmins,
        Self::ViewApplication,
        Self::EditApplication,
    ];

    /// What it takes to change channels of a mode.
    pub const fn to_edit(mode: Mode) -> Self {
        match mode {
            Mode::Test => Self::EditTestChannels,
            Mode::Live => Self::EditLiveChannels,
        }
    }

    /// What it takes to give somebody a role, or to take it away.
    pub const fn to_grant(role: Role) -> Self {
        match role {
            Role::Owner | Role::Admin => Self::ManageAdmins,
            Role::Dev | Role::Manager | Role::Viewer => Self::ManageMembers,
        }
    }
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

    pub fn may(self, permission: Permission) -> bool {
        POLICY.iter().any(|(allowed, roles)| *allowed == permission && roles.contains(&self))
    }

    /// Whether the role may be limited to one sub-store.
    pub const fn may_be_limited(self) -> bool {
        matches!(self, Self::Manager | Self::Viewer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who_may(permission: Permission) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| role.may(permission)).collect()
    }

    #[test]
    fn only_owner_and_admin_issue_credentials() {
        assert_eq!(who_may(Permission::IssueCredentials), [Role::Owner, Role::Admin]);
    }

    #[test]
    fn only_owners_make_and_unmake_admins_and_owners() {
        for role in [Role::Owner, Role::Admin] {
            assert_eq!(who_may(Permission::to_grant(role)), [Role::Owner]);
        }
        for role in [Role::Dev, Role::Manager, Role::Viewer] {
            assert_eq!(who_may(Permission::to_grant(role)), [Role::Owner, Role::Admin]);
        }
    }

    #[test]
    fn every_permission_stands_in_the_policy_once() {
        for permission in Permission::ALL {
            assert_eq!(POLICY.iter().filter(|(listed, _)| *listed == permission).count(), 1, "{permission:?}");
        }
    }

    #[test]
    fn every_role_reads_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }

    #[test]
    fn each_mode_has_a_permission_of_its_own() {
        assert_eq!(Permission::to_edit(Mode::Test), Permission::EditTestChannels);
        assert_eq!(Permission::to_edit(Mode::Live), Permission::EditLiveChannels);
    }

    #[test]
    fn who_may_be_limited_to_a_sub_store_changes_no_channel() {
        let limited: Vec<Role> = Role::ALL.into_iter().filter(|role| role.may_be_limited()).collect();
        assert_eq!(limited, [Role::Manager, Role::Viewer]);
        assert!(!limited.iter().any(|role| role.may(Permission::EditTestChannels) || role.may(Permission::ViewKeys)));
    }
}
