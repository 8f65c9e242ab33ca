//! Everybody who may ask: two merchants, their members in every role, and what servers and payment cores show.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use backend::{Actor, Caller, CoreGrant, Language, NewChannel, SignedIn, TeamQuery, sessions::keys};
use domain::{
    account::LoginForm,
    api_secret::IssueForm,
    channel::ChannelForm,
    credential::CoreScope,
    member::Role,
    own_account::{ConsentsForm, NewPasswordForm},
    secret::Typed,
    store::StoreForm,
    team::InviteForm,
};
use tower_sessions::Session;

use crate::{
    applying::{choose_all, enter_all},
    rest::{a_secret, post},
    support::{Console, PASSWORD, Person, a_console},
};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    Nobody,
    /// Signed up, without having followed the mail.
    Unverified,
    Member(Role),
    /// Owner of another merchant.
    OtherOwner,
    /// Removed from the team, with a session that was never logged out.
    Removed,
    /// With a session that nobody used for half an hour.
    Idle,
    /// With a session that began more than eight hours ago.
    Overdue,
    /// An API secret that may do everything.
    Secret,
    SecretThatReads,
    SecretThatWrites,
    SecretThatPays,
    SecretRevoked,
    OtherSecret,
    AccessToken,
    V1Token,
    Core,
    CoreThatReads,
    CoreThatVerifies,
    CoreThatOperates,
    CoreRevoked,
}

impl Principal {
    pub fn all() -> Vec<Self> {
        let roles = Role::ALL.map(Self::Member);
        let mut all = vec![Self::Nobody, Self::Unverified];
        all.extend(roles);
        all.extend([Self::OtherOwner, Self::Removed, Self::Idle, Self::Overdue, Self::Secret, Self::SecretThatReads]);
        all.extend([Self::SecretThatWrites, Self::SecretThatPays, Self::SecretRevoked, Self::OtherSecret]);
        all.extend([Self::AccessToken, Self::V1Token, Self::Core, Self::CoreThatReads, Self::CoreThatVerifies]);
        all.extend([Self::CoreThatOperates, Self::CoreRevoked]);
        all
    }
}

/// What is a merchant's own, as requests name it.
#[derive(Debug, Clone)]
pub struct Ids {
    pub channel: String,
    pub live_channel: String,
    pub store: String,
    pub owner: String,
    pub colleague: String,
    pub invitation: String,
    pub kid: String,
    pub handle: String,
    pub application: String,
}

impl Ids {
    /// Like these, of nobody.
    pub fn of_nobody(&self) -> Self {
        let other = |id: &String| format!("{}0f4a2c1e-5b7d-4e9a-8c3f-6d1b2a3c4d5e", &id[..id.len() - 36]);
        Self {
            channel: other(&self.channel),
            live_channel: other(&self.live_channel),
            store: other(&self.store),
            owner: other(&self.owner),
            colleague: other(&self.colleague),
            invitation: other(&self.invitation),
            kid: "AbCdEfGhIjKl".into(),
            handle: "5".repeat(64),
            application: other(&self.application),
        }
    }
}

pub struct Merchant {
    pub owner: Actor,
    pub ids: Ids,
    /// The words that stand in its rows and must reach nobody else.
    pub word: &'static str,
    /// `PortOne chv2_…`
    pub secret: String,
}

pub struct World {
    pub console: Console,
    pub ours: Merchant,
    pub other: Merchant,
    members: BTreeMap<Principal, (String, SignedIn)>,
    shown: BTreeMap<Principal, String>,
    next: std::sync::atomic::AtomicU32,
}

impl World {
    pub async fn new() -> Self {
        let console = a_console().await;
        let (ours, our_owner) = a_merchant(&console, "kim@example.com", "가나다우리").await;
        let (other, other_owner) = a_merchant(&console, "lee@example.net", "라마바남의").await;
        let mut world = Self {
            console,
            ours,
            other,
            members: BTreeMap::new(),
            shown: BTreeMap::new(),
            next: std::sync::atomic::AtomicU32::new(1),
        };
        world.members.insert(Principal::Member(Role::Owner), ("kim@example.com".into(), our_owner));
        world.members.insert(Principal::OtherOwner, ("lee@example.net".into(), other_owner));
        for role in [Role::Admin, Role::Dev, Role::Manager, Role::Viewer] {
            let email = format!("{}@example.com", role.as_str());
            let signed_in = world.a_member(&email, role.as_str()).await;
            world.members.insert(Principal::Member(role), (email, signed_in));
        }
        world.sign_up_and_no_more().await;
        let removed = world.a_member("removed@example.com", "dev").await;
        world.remove("removed@example.com").await;
        world.members.insert(Principal::Removed, ("removed@example.com".into(), removed));
        for late in [Principal::Idle, Principal::Overdue] {
            let owner = world.members[&Principal::Member(Role::Owner)].clone();
            world.members.insert(late, owner);
        }
        world.make_credentials().await;
        world
    }

    /// A client of its own, so that limits hold up nobody else.
    pub fn address(&self) -> IpAddr {
        let next = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        std::net::Ipv4Addr::from(0x0A00_0000 + next).into()
    }

    pub fn number(&self) -> u32 {
        self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
    }

    fn caller(&self) -> Caller {
        Caller { address: self.address(), language: Language::Korean }
    }

    async fn log_in(&self, email: &str) -> SignedIn {
        let form = LoginForm { email: email.to_owned(), password: Typed::new(PASSWORD) };
        self.console.backend.log_in(form, self.caller()).await.expect("logged in")
    }

    /// The token of an invitation by our owner.
    pub async fn an_invited(&self, email: &str, role: &str) -> String {
        let form = InviteForm { email: email.to_owned(), role: role.to_owned(), ..InviteForm::default() };
        self.console.backend.invite(&self.ours.owner, form, self.caller()).await.expect("invited");
        self.console.token().await
    }

    /// Somebody whom our owner invited and who accepted.
    pub async fn a_member(&self, email: &str, role: &str) -> SignedIn {
        let token = self.an_invited(email, role).await;
        let password = NewPasswordForm { password: Typed::new(PASSWORD), password_again: Typed::new(PASSWORD) };
        let consents = ConsentsForm { terms: "on".into(), privacy: "on".into(), marketing: String::new() };
        self.console.backend.accept_invitation(&token, password, &consents, self.caller()).await.expect("accepted");
        self.log_in(email).await
    }

    pub async fn an_invitation(&self) -> String {
        let email = format!("invited-{}@example.com", self.number());
        invitation(&self.console, &self.ours.owner, &email, self.caller()).await
    }

    /// An application that nobody has submitted.
    pub async fn a_draft(&self) -> String {
        choose_all(&self.console.backend, &self.ours.owner, "kakaopay").await.to_string()
    }

    pub async fn member_id(&self, email: &str) -> String {
        member_id(&self.console, &self.ours.owner, email).await
    }

    async fn remove(&self, email: &str) {
        let id = self.member_id(email).await.parse().expect("an id");
        self.console.backend.remove_member(&self.ours.owner, id).await.expect("removed");
    }

    async fn sign_up_and_no_more(&self) {
        let form = domain::account::SignUpForm {
            email: "pending@example.com".into(),
            password: Typed::new(PASSWORD),
            password_again: Typed::new(PASSWORD),
            terms: "on".into(),
            privacy: "on".into(),
            ..Default::default()
        };
        self.console.backend.sign_up(form, self.caller()).await.expect("signed up");
        self.console.letter().await;
    }

    async fn make_credentials(&mut self) {
        let backend = Arc::clone(&self.console.backend);
        let owner = Person { cookie: String::new(), actor: self.ours.owner.clone() };
        let only = |name: &str, read: &str, write: &str, pay: &str| IssueForm {
            name: name.into(),
            channels_read: read.into(),
            channels_write: write.into(),
            payments: pay.into(),
            ..IssueForm::fresh()
        };
        for (principal, form) in [
            (Principal::SecretThatReads, only("읽기", "on", "", "")),
            (Principal::SecretThatWrites, only("쓰기", "", "on", "")),
            (Principal::SecretThatPays, only("결제", "", "", "on")),
            (Principal::SecretRevoked, only("폐기", "on", "on", "on")),
        ] {
            let secret = a_secret(&self.console, &owner, form).await;
            if principal == Principal::SecretRevoked {
                let kid = &secret["chv2_".len()..][..12];
                backend.revoke_api_secret(&owner.actor, kid, Language::Korean).await.expect("revoked");
            }
            self.shown.insert(principal, format!("PortOne {secret}"));
        }
        self.shown.insert(Principal::Secret, self.ours.secret.clone());
        self.shown.insert(Principal::OtherSecret, self.other.secret.clone());
        let body = serde_json::json!({"apiSecret": self.ours.secret.trim_start_matches("PortOne ")});
        let (_, tokens) = post(&self.console, "", "/rest/v2/login/api-secret", body).await;
        self.shown
            .insert(Principal::AccessToken, format!("Bearer {}", tokens["accessToken"].as_str().expect("a token")));
        let v1 = self.a_v1_token().await;
        self.shown.insert(Principal::V1Token, format!("Bearer {v1}"));
        for (principal, scopes) in [
            (Principal::Core, CoreScope::ALL.to_vec()),
            (Principal::CoreThatReads, vec![CoreScope::ChannelsRead]),
            (Principal::CoreThatVerifies, vec![CoreScope::CredentialsVerify]),
            (Principal::CoreThatOperates, vec![CoreScope::ApplicationsOperate]),
            (Principal::CoreRevoked, CoreScope::ALL.to_vec()),
        ] {
            let grant = CoreGrant { name: "core".into(), scopes, stores: Vec::new() };
            let made = backend.grant_core_token(&grant).await.expect("a token");
            if principal == Principal::CoreRevoked {
                backend.revoke_core_token(&made.kid).await.expect("revoked");
            }
            self.shown.insert(principal, format!("Bearer {}", made.token.expose()));
        }
    }

    async fn a_v1_token(&self) -> String {
        let (backend, owner) = (&self.console.backend, &self.ours.owner);
        let keys = backend.v1_keys(owner).await.expect("keys");
        let shown =
            backend.show_v1_secret(owner, "a-request-of-the-v1-secret", &Typed::new(PASSWORD)).await.expect("shown");
        let backend::Shown::Once(shown) = shown else { panic!("shown before") };
        let body = serde_json::json!({"imp_key": keys.key, "imp_secret": shown.secret.expose()});
        let (status, answer) = post(&self.console, "", "/rest/v1/users/getToken", body).await;
        let token = answer["response"]["access_token"].as_str();
        token.unwrap_or_else(|| panic!("{status} {answer}")).to_owned()
    }

    /// What is sent along: a cookie, or what stands in `Authorization`. The session is a fresh one each time.
    pub async fn credentials(&self, principal: Principal) -> (Option<String>, Option<&str>) {
        let cookie = match self.members.get(&principal) {
            Some((_, signed_in)) => Some(self.session(signed_in, principal).await),
            None => None,
        };
        (cookie, self.shown.get(&principal).map(String::as_str))
    }

    /// After what ends every session of somebody.
    pub async fn log_in_again(&mut self, principal: Principal) {
        let Some((email, _)) = self.members.get(&principal).cloned() else { return };
        if matches!(principal, Principal::Member(_) | Principal::OtherOwner) {
            let signed_in = self.log_in(&email).await;
            self.members.insert(principal, (email, signed_in));
        }
    }

    async fn session(&self, signed_in: &SignedIn, principal: Principal) -> String {
        let now = self.console.backend.now_ms();
        let began = if principal == Principal::Overdue { now - 8 * 60 * 60 * 1000 - 1000 } else { now };
        let session = Session::new(None, Arc::new(self.console.backend.sessions()), None);
        session.insert(keys::SIGNED_IN, signed_in).await.expect("kept");
        session.insert(keys::LOGGED_IN_AT, began).await.expect("kept");
        session.insert(keys::SEEN_AT, now).await.expect("kept");
        session.insert("proved_at", now).await.expect("kept");
        session.save().await.expect("saved");
        let id = session.id().expect("an id");
        if principal == Principal::Idle {
            // The store itself says when a session ends; this one did a while ago.
            let handle = backend::sessions::handle(&id);
            self.console
                .sql(&format!("UPDATE sessions SET expires_at = 1 WHERE lower(hex(id_hash)) = '{handle}'"))
                .await;
        }
        format!("sid={id}")
    }
}

async fn member_id(console: &Console, owner: &Actor, email: &str) -> String {
    let found = console.backend.team(owner, TeamQuery { search: email.to_owned(), page: 1 }).await.expect("a team");
    found.items.first().expect("listed").id.to_string()
}

async fn invitation(console: &Console, owner: &Actor, email: &str, caller: Caller) -> String {
    let form = InviteForm { email: email.to_owned(), role: "viewer".into(), ..InviteForm::default() };
    console.backend.invite(owner, form, caller).await.expect("invited");
    console.letter().await;
    for page in 1.. {
        let open = console.backend.open_invitations(owner, page).await.expect("listed");
        if let Some(found) = open.items.iter().find(|one| one.email == email) {
            return found.id.to_string();
        }
        assert!(!open.items.is_empty(), "the invitation is not listed");
    }
    unreachable!("there is a last page");
}

/// A merchant with one of everything.
async fn a_merchant(console: &Console, email: &str, word: &'static str) -> (Merchant, SignedIn) {
    let Person { actor: owner, .. } = console.an_owner_called(email).await;
    let backend = &console.backend;
    let caller = Caller { address: [198, 18, 0, 1].into(), language: Language::Korean };
    let form = LoginForm { email: email.to_owned(), password: Typed::new(PASSWORD) };
    let signed_in = backend.log_in(form, caller).await.expect("logged in");
    let store = StoreForm { name: format!("{word} 상점"), tier_code: "YSN".into() };
    let store = backend.add_store(&owner, store).await.expect("a store").to_string();
    let channel = async |mode: &str, mid: &str| {
        let fields = [("api_key".to_owned(), Typed::new(format!("{word}-api-key")))];
        let shared = if mode == "test" { mid.to_owned() } else { String::new() };
        let form = ChannelForm {
            name: format!("{word} {mode}"),
            purpose: "payment".into(),
            mid: if mode == "test" { String::new() } else { mid.to_owned() },
            shared_mid: shared,
            fields: if mode == "test" { [].into() } else { fields.into() },
            tax: "none".into(),
            ..ChannelForm::default()
        };
        let new = NewChannel { mode: mode.into(), module: "ksnet".into(), form, ..NewChannel::default() };
        backend.add_channel(&owner, new).await.expect("added").key.to_string()
    };
    let person = Person { cookie: String::new(), actor: owner.clone() };
    let secret = a_secret(console, &person, IssueForm { name: format!("{word} 서버"), ..IssueForm::fresh() }).await;
    enter_all(backend, &owner).await;
    let ids = Ids {
        channel: channel("test", "2999199999").await,
        live_channel: channel("live", "KS0001").await,
        store,
        owner: member_id(console, &owner, email).await,
        colleague: member_id(console, &owner, email).await,
        invitation: invitation(console, &owner, &format!("invited-{email}"), caller).await,
        kid: secret["chv2_".len()..][..12].to_owned(),
        application: choose_all(backend, &owner, "ksnet").await.to_string(),
        handle: backend.my_sessions(&owner, "").await.expect("sessions").first().expect("one").handle.clone(),
    };
    (Merchant { owner, ids, word, secret: format!("PortOne {secret}") }, signed_in)
}
