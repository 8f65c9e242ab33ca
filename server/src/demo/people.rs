//! Who works there, and the stores.

use std::net::{IpAddr, Ipv4Addr};

use backend::{Caller, Error, Language, LinkState};
use domain::{
    account::SignUpForm,
    member::Role,
    own_account::{ConsentsForm, NewPasswordForm},
    secret::Secret,
    store::StoreForm,
    team::InviteForm,
};

use super::stage::Stage;

pub const COMPANY: &str = "달빛서점";

/// One of each role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    Owner,
    Admin,
    Dev,
    Manager,
    Viewer,
}

impl Person {
    pub const ALL: [Self; 5] = [Self::Owner, Self::Admin, Self::Dev, Self::Manager, Self::Viewer];

    pub const fn role(self) -> Role {
        match self {
            Self::Owner => Role::Owner,
            Self::Admin => Role::Admin,
            Self::Dev => Role::Dev,
            Self::Manager => Role::Manager,
            Self::Viewer => Role::Viewer,
        }
    }

    /// `.example` belongs to nobody (RFC 2606).
    pub const fn email(self) -> &'static str {
        match self {
            Self::Owner => "owner@dalbit.example",
            Self::Admin => "admin@dalbit.example",
            Self::Dev => "dev@dalbit.example",
            Self::Manager => "manager@dalbit.example",
            Self::Viewer => "viewer@dalbit.example",
        }
    }

    const fn memo(self) -> &'static str {
        match self {
            Self::Owner => "",
            Self::Admin => "운영팀 팀장",
            Self::Dev => "결제 개발",
            Self::Manager => "강남점 점장",
            Self::Viewer => "세무 법인",
        }
    }

    /// Of a network for documents (RFC 5737).
    pub const fn address(self) -> IpAddr {
        let host = match self {
            Self::Owner => 10,
            Self::Admin => 21,
            Self::Dev => 34,
            Self::Manager => 57,
            Self::Viewer => 80,
        };
        IpAddr::V4(Ipv4Addr::new(203, 0, 113, host))
    }

    pub const fn caller(self) -> Caller {
        Caller { address: self.address(), language: Language::Korean }
    }
}

pub async fn sign_up(stage: &Stage) -> backend::Result<()> {
    stage.at(118, 10, 4);
    let caller = Person::Owner.caller();
    let on = || "on".to_owned();
    let form = SignUpForm {
        email: Person::Owner.email().to_owned(),
        password: stage.password.clone(),
        password_again: stage.password.clone(),
        terms: on(),
        privacy: on(),
        marketing: String::new(),
    };
    let heard = stage.overhearing(stage.backend.sign_up(form, caller)).await?;
    stage.pass(240);
    for token in heard {
        if stage.backend.verification_link(token.expose()).await? == LinkState::Usable {
            return stage.backend.verify_email(token.expose(), caller).await;
        }
    }
    Err(Error::LinkInvalid)
}

/// The others, and the sub-stores.
pub async fn gather(stage: &mut Stage) -> backend::Result<()> {
    stage.at(117, 14, 10);
    invite(stage, Person::Owner, Person::Admin, "").await?;
    invite(stage, Person::Owner, Person::Dev, "").await?;
    stage.at(116, 11, 30);
    for (name, code) in [("달빛서점 강남점", "GN1"), ("달빛서점 문구몰", "MG2")] {
        let admin = stage.enter(Person::Admin).await?;
        let form = StoreForm { name: name.to_owned(), tier_code: code.to_owned() };
        let store = stage.backend.add_store(&admin, form).await?;
        stage.stores.insert(code, store);
    }
    stage.at(115, 9, 45);
    let gangnam = stage.stores.get("GN1").map(ToString::to_string).unwrap_or_default();
    invite(stage, Person::Admin, Person::Manager, &gangnam).await?;
    invite(stage, Person::Admin, Person::Viewer, "").await
}

async fn invite(stage: &Stage, by: Person, whom: Person, store: &str) -> backend::Result<()> {
    let actor = stage.enter(by).await?;
    let form = InviteForm {
        email: whom.email().to_owned(),
        role: whom.role().as_str().to_owned(),
        memo: whom.memo().to_owned(),
        store: store.to_owned(),
    };
    let heard = stage.overhearing(stage.backend.invite(&actor, form, by.caller())).await?;
    stage.pass(2_400);
    let token = invited(stage, heard).await?;
    let password = NewPasswordForm { password: stage.password.clone(), password_again: stage.password.clone() };
    let consents = ConsentsForm { terms: "on".to_owned(), privacy: "on".to_owned(), marketing: String::new() };
    stage.backend.accept_invitation(token.expose(), password, &consents, whom.caller()).await
}

async fn invited(stage: &Stage, heard: Vec<Secret>) -> backend::Result<Secret> {
    for token in heard {
        if stage.backend.invitation(token.expose()).await?.is_some() {
            return Ok(token);
        }
    }
    Err(Error::LinkInvalid)
}

/// An invitation that waits, and somebody who may not.
pub async fn today(stage: &Stage) -> backend::Result<()> {
    stage.ago(400);
    let owner = stage.enter(Person::Owner).await?;
    let form = InviteForm {
        email: "settlement@dalbit.example".to_owned(),
        role: Role::Viewer.as_str().to_owned(),
        memo: "정산 담당 입사 예정".to_owned(),
        store: String::new(),
    };
    stage.backend.invite(&owner, form, Person::Owner.caller()).await?;
    stage.ago(300);
    let viewer = stage.enter(Person::Viewer).await?;
    if let Some(key) = stage.channels.get("KSNET 실연동")
        && !matches!(stage.backend.pause_channel(&viewer, *key).await, Err(Error::Forbidden))
    {
        return Err(Error::Internal("a viewer paused a channel".into()));
    }
    Ok(())
}
