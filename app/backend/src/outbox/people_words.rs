//! The words of mails about people and their accounts.

use domain::member::Role;
use serde::{Deserialize, Serialize};

use crate::Language;

/// What the mail of an invitation says beyond its kind.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InvitationPayload {
    /// None where there is nothing to accept.
    pub token: Option<String>,
    /// The address of whoever invites.
    pub by: String,
    pub role: Role,
}

type Words = (String, String);

pub(super) fn reset_password(language: Language, link: &str) -> Words {
    match language {
        Language::Korean => (
            "[Channel Console] 비밀번호를 다시 정해 주세요".into(),
            format!(
                "비밀번호를 다시 정하려면 아래 주소를 열어 주세요.\n\n{link}\n\n\
                 주소는 30분 동안 한 번만 쓸 수 있고, 새 비밀번호를 정하면 모든 기기에서 로그아웃됩니다.\n\
                 직접 요청하지 않으셨다면 이 메일은 지우셔도 됩니다. 바뀐 것은 없습니다.\n"
            ),
        ),
        Language::English => (
            "[Channel Console] Choose a new password".into(),
            format!(
                "Open the address below to choose a new password.\n\n{link}\n\n\
                 The address works once, within 30 minutes. A new password logs you out on every device.\n\
                 If it was not you, you can delete this mail: nothing was changed.\n"
            ),
        ),
    }
}

pub(super) fn password_changed(language: Language, link: &str) -> Words {
    match language {
        Language::Korean => (
            "[Channel Console] 비밀번호가 바뀌었습니다".into(),
            format!(
                "이 계정의 비밀번호가 바뀌었고, 다른 기기에서는 로그아웃되었습니다.\n\
                 직접 바꾸지 않으셨다면 아래 주소에서 바로 비밀번호를 다시 정해 주세요.\n\n{link}\n"
            ),
        ),
        Language::English => (
            "[Channel Console] Your password was changed".into(),
            format!(
                "The password of this account was changed, and other devices were logged out.\n\
                 If it was not you, choose a new one at once:\n\n{link}\n"
            ),
        ),
    }
}

pub(super) fn change_email(language: Language, link: &str) -> Words {
    match language {
        Language::Korean => (
            "[Channel Console] 새 이메일 주소를 확인해 주세요".into(),
            format!(
                "이 주소를 Channel Console 계정의 새 이메일로 쓰겠다는 요청이 있었습니다.\n\
                 아래 주소를 열고 [이메일 변경하기]를 누르면 바뀝니다.\n\n{link}\n\n\
                 주소는 30분 동안 한 번만 쓸 수 있습니다.\n직접 요청하지 않으셨다면 이 메일은 지우셔도 됩니다.\n"
            ),
        ),
        Language::English => (
            "[Channel Console] Confirm your new e-mail address".into(),
            format!(
                "Somebody wants to use this address for an account of Channel Console.\n\
                 Open the address below and press [Change e-mail] to do so.\n\n{link}\n\n\
                 The address works once, within 30 minutes.\nIf it was not you, you can delete this mail.\n"
            ),
        ),
    }
}

pub(super) fn email_taken(language: Language, link: &str) -> Words {
    match language {
        Language::Korean => (
            "[Channel Console] 이미 쓰고 있는 이메일입니다".into(),
            format!(
                "다른 계정의 이메일을 이 주소로 바꾸려는 요청이 있었지만, 이미 계정이 있는 주소라서 바꾸지 않았습니다.\n\
                 이 주소의 계정은 그대로입니다. 로그인은 아래 주소에서 하실 수 있습니다.\n\n{link}\n"
            ),
        ),
        Language::English => (
            "[Channel Console] This address has an account already".into(),
            format!(
                "Somebody wanted to use this address for another account. It has an account already, so nothing was \
                 changed.\nYou can log in here:\n\n{link}\n"
            ),
        ),
    }
}

pub(super) fn email_changed(language: Language, new: &str) -> Words {
    match language {
        Language::Korean => (
            "[Channel Console] 이메일 주소가 바뀌었습니다".into(),
            format!(
                "이 계정의 이메일이 {new}(으)로 바뀌었습니다. 이제 새 주소로 로그인합니다.\n\
                 직접 바꾸지 않으셨다면 회사의 Owner나 Admin에게 바로 알려 주세요.\n"
            ),
        ),
        Language::English => (
            "[Channel Console] Your e-mail address was changed".into(),
            format!(
                "The e-mail address of this account is {new} now; log in with that one.\n\
                 If it was not you, please tell an Owner or Admin of your company at once.\n"
            ),
        ),
    }
}

pub(super) fn invitation(language: Language, payload: &InvitationPayload, link: &str) -> Words {
    let (by, role) = (&payload.by, role_name(payload.role));
    match language {
        Language::Korean => (
            "[Channel Console] 초대를 받으셨습니다".into(),
            format!(
                "{by} 님이 Channel Console에 {role} 권한으로 초대했습니다.\n\
                 아래 주소를 열어 비밀번호를 정하면 바로 로그인할 수 있습니다.\n\n{link}\n\n\
                 주소는 7일 동안 한 번만 쓸 수 있습니다.\n모르는 초대라면 이 메일은 지우셔도 됩니다.\n"
            ),
        ),
        Language::English => (
            "[Channel Console] You are invited".into(),
            format!(
                "{by} invites you to Channel Console as {role}.\n\
                 Open the address below and choose a password; then you can log in.\n\n{link}\n\n\
                 The address works once, within 7 days.\nIf you do not know about it, you can delete this mail.\n"
            ),
        ),
    }
}

pub(super) fn invited_already(language: Language, payload: &InvitationPayload, link: &str) -> Words {
    let by = &payload.by;
    match language {
        Language::Korean => (
            "[Channel Console] 초대를 받으셨지만 이미 계정이 있습니다".into(),
            format!(
                "{by} 님이 Channel Console에 초대했지만, 이 주소에는 이미 다른 회사의 계정이 있습니다.\n\
                 한 주소는 한 회사에서만 쓸 수 있으니, 다른 이메일 주소로 초대해 달라고 알려 주세요.\n\
                 지금 계정은 그대로이고, 로그인은 아래 주소에서 하실 수 있습니다.\n\n{link}\n"
            ),
        ),
        Language::English => (
            "[Channel Console] You are invited, and have an account already".into(),
            format!(
                "{by} invites you to Channel Console, but this address has an account with another company already.\n\
                 An address belongs to one company: please ask to be invited at another address.\n\
                 Your account is as it was. You can log in here:\n\n{link}\n"
            ),
        ),
    }
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Dev => "Dev",
        Role::Manager => "Manager",
        Role::Viewer => "Viewer (Read only)",
    }
}
