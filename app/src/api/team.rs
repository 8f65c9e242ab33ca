//! 팀 as its pages need it.

use domain::{
    id::{InvitationId, MemberId},
    member::Role,
    own_account::{ConsentsForm, NewPasswordForm},
    page::Page,
    team::{InvitationView, InviteForm, MemberView},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AppError, refused::Start};

#[cfg(feature = "ssr")]
const INVITE_DRAFT: &str = "team/invite";
#[cfg(feature = "ssr")]
const ROLE_DRAFT: &str = "team/role";

/// What a member shall be, as it was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub id: Option<MemberId>,
    pub role: String,
    pub store: String,
}

/// What the forms of 팀 begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamStart {
    pub invite: Start<InviteForm>,
    pub role: Start<Standing>,
}

/// The lists of 팀.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamPage {
    pub members: Page<MemberView>,
    /// For whoever may send them.
    pub invitations: Option<Page<InvitationView>>,
}

#[server(prefix = "/api", endpoint = "team/list")]
pub async fn load_team(search: String, page: u64, invitations: u64) -> Result<TeamPage, AppError> {
    use domain::member::Permission;
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let members = backend.team(&actor, backend::TeamQuery { search, page }).await.map_err(super::refuse)?;
    let invitations = if actor.may(Permission::ManageMembers) {
        Some(backend.open_invitations(&actor, invitations).await.map_err(super::refuse)?)
    } else {
        None
    };
    Ok(TeamPage { members, invitations })
}

#[server(prefix = "/api", endpoint = "team/draft")]
pub async fn load_team_start() -> Result<TeamStart, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let invite = backend.draft(&actor, INVITE_DRAFT).await.map_err(super::refuse)?;
    let role = backend.draft(&actor, ROLE_DRAFT).await.map_err(super::refuse)?;
    Ok(TeamStart { invite: invite.unwrap_or_default(), role: role.unwrap_or_default() })
}

#[server(prefix = "/api", endpoint = "team/invite")]
pub async fn invite(form: InviteForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    match backend.invite(&actor, form.clone(), super::session::caller()?).await {
        Ok(()) => {
            backend.forget_draft(&actor, INVITE_DRAFT).await.map_err(super::refuse)?;
            super::go_back(crate::paths::TEAM, "done=invited");
            Ok(())
        }
        Err(error) => super::refused::keep((&backend, &actor), (INVITE_DRAFT, crate::paths::TEAM), form, error).await,
    }
}

#[server(prefix = "/api", endpoint = "team/resend")]
pub async fn resend_invitation(id: InvitationId) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.resend_invitation(&actor, id, super::session::caller()?).await.map_err(super::refuse)?;
    super::go_back(crate::paths::TEAM, "done=resent");
    Ok(())
}

#[server(prefix = "/api", endpoint = "team/withdraw")]
pub async fn withdraw_invitation(id: InvitationId) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.withdraw_invitation(&actor, id).await.map_err(super::refuse)?;
    super::go_back(crate::paths::TEAM, "done=withdrawn");
    Ok(())
}

#[server(prefix = "/api", endpoint = "team/change-role")]
pub async fn change_role(id: MemberId, role: String, store: String) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let changed = match domain::team::Standing::parse(&role, &store) {
        Ok(standing) => backend.change_role(&actor, id, standing).await,
        Err(errors) => Err(errors.into()),
    };
    match changed {
        Ok(()) => {
            backend.forget_draft(&actor, ROLE_DRAFT).await.map_err(super::refuse)?;
            super::go_back(crate::paths::TEAM, "done=role");
            Ok(())
        }
        Err(error) => {
            let form = Standing { id: Some(id), role, store };
            super::refused::keep((&backend, &actor), (ROLE_DRAFT, crate::paths::TEAM), form, error).await
        }
    }
}

#[server(prefix = "/api", endpoint = "team/remove")]
pub async fn remove_member(id: MemberId) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.remove_member(&actor, id).await.map_err(super::refuse)?;
    super::go_back(crate::paths::TEAM, "done=removed");
    Ok(())
}

#[server(prefix = "/api", endpoint = "team/leave")]
pub async fn leave_team() -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.leave(&actor).await.map_err(super::refuse)?;
    super::session::end().await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=left", crate::paths::LOG_IN));
    Ok(())
}

/// Whom a link invites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    pub email: String,
    pub role: Role,
}

/// Nobody where the link does not work any more. Looking does not use it up.
#[server(prefix = "/api", endpoint = "team/invitation")]
pub async fn show_invitation(token: String) -> Result<Option<Invited>, AppError> {
    let backend = super::session::backend()?;
    let invited = backend.invitation(&token).await.map_err(super::refuse)?;
    Ok(invited.map(|invited| Invited { email: invited.email, role: invited.role }))
}

#[server(prefix = "/api", endpoint = "team/accept")]
pub async fn accept_invitation(
    token: String,
    #[server(default)] form: NewPasswordForm,
    #[server(default)] consents: ConsentsForm,
) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    super::echo::keep(&super::echo::Typed {
        email: String::new(),
        terms: !consents.terms.is_empty(),
        privacy: !consents.privacy.is_empty(),
        marketing: !consents.marketing.is_empty(),
    });
    backend.accept_invitation(&token, form, &consents, caller).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=joined", crate::paths::LOG_IN));
    Ok(())
}
