//! From the cookie to the actor. Session keys are written here and nowhere else.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use axum::http::request::Parts;
use backend::{
    Actor, Backend, Caller, Language, SignedIn,
    sessions::keys::{ADDRESS, DEVICE, LOGGED_IN_AT, SEEN_AT, SIGNED_IN},
};
use domain::{form::FormErrors, trail::Reason};
use leptos::prelude::*;
use tokio::sync::OnceCell;
use tower_sessions::Session;

use super::AppError;
use crate::text::Lang;

/// When a password was last given in this session, at the login or since.
const PROVED_AT: &str = "proved_at";
/// For this long nobody is asked for it again.
const PROVED_FOR_MS: i64 = 10 * 60 * 1000;
/// Reading is no activity to the session layer: it is noted at most once a minute.
const NOTE_EVERY_MS: i64 = 60 * 1000;

/// The address of the client, put into the request by the host.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// What the log tells of a request beside what the host sees of it, noted by whoever learns it: ids and codes, nothing that
/// was typed.
#[derive(Debug, Clone, Default)]
pub struct RequestNote(Arc<Noted>);

#[derive(Debug, Default)]
struct Noted {
    actor: OnceLock<(String, String)>,
    outcome: OnceLock<&'static str>,
}

impl RequestNote {
    /// Whose doing it is. A page asks more than once; the answer is the same.
    pub fn actor(&self, actor: &Actor) {
        let _ = self.0.actor.set((actor.merchant_id().to_string(), actor.acting_id()));
    }

    /// Why it was refused; the first reason counts.
    pub fn outcome(&self, code: &'static str) {
        let _ = self.0.outcome.set(code);
    }

    /// The merchant, and the member or the id part of the API secret.
    pub fn noted_actor(&self) -> Option<(&str, &str)> {
        self.0.actor.get().map(|(merchant, actor)| (merchant.as_str(), actor.as_str()))
    }

    pub fn noted_outcome(&self) -> Option<&'static str> {
        self.0.outcome.get().copied()
    }
}

/// The note of the request that is being answered, where the host keeps one.
pub(crate) fn note() -> Option<RequestNote> {
    use_context::<Parts>()?.extensions.get::<RequestNote>().cloned()
}

pub(crate) fn backend() -> Result<Arc<Backend>, AppError> {
    use_context::<Arc<Backend>>().ok_or(AppError::Internal)
}

/// The backend's word for a language of pages.
pub(crate) fn language_of(code: &str) -> Language {
    if code == Lang::En.code() { Language::English } else { Language::Korean }
}

/// Who asks, logged in or not.
pub(crate) fn caller() -> Result<Caller, AppError> {
    let parts = use_context::<Parts>().ok_or(AppError::Internal)?;
    let address = parts.extensions.get::<ClientAddress>().ok_or(AppError::Internal)?.0;
    Ok(Caller { address, language: language_of(Lang::current().code()) })
}

pub(crate) async fn session() -> Result<Session, AppError> {
    leptos_axum::extract::<Session>().await.map_err(|_| AppError::Internal)
}

/// Who asked, once that is known: a page asks for several things, and it is the same person each time.
#[derive(Debug, Clone, Default)]
pub struct KnownActor(Arc<OnceCell<Result<Actor, AppError>>>);

/// The member behind the request; the first line of every server function that needs one.
pub(crate) async fn actor() -> Result<(Arc<Backend>, Actor), AppError> {
    let (backend, session, address) = (backend()?, session().await?, caller()?.address);
    let note = note();
    let find = async || {
        let actor = member(&backend, &session, address).await;
        match (&actor, note) {
            (Ok(actor), Some(note)) => note.actor(actor),
            (Err(AppError::Unauthenticated), Some(note)) => note.outcome("unauthenticated"),
            _ => {}
        }
        actor
    };
    let known = use_context::<KnownActor>().unwrap_or_default();
    let actor = known.0.get_or_init(find).await.clone();
    Ok((backend, actor?))
}

/// The same, where the form that was sent is of a page of theirs. Somebody else may have logged in in that browser since the
/// page was opened: what was typed into it is none of theirs.
pub(crate) async fn actor_of_page(ticket: &str) -> Result<(Arc<Backend>, Actor), AppError> {
    let (backend, actor) = actor().await?;
    if Backend::is_page_of(&actor, ticket) {
        return Ok((backend, actor));
    }
    if let Some(note) = note() {
        note.outcome("unauthenticated");
    }
    Err(AppError::Unauthenticated)
}

/// The same member, who says why.
pub(crate) fn because(actor: Actor, reason: &str) -> Result<Actor, AppError> {
    let reason = Reason::parse(reason).map_err(|code| AppError::Form(FormErrors::one("reason", code)))?;
    Ok(actor.because(reason))
}

/// The member behind a session, for what is served outside of Leptos too.
pub async fn member(backend: &Backend, session: &Session, address: IpAddr) -> Result<Actor, AppError> {
    let stored: Option<SignedIn> = session.get(SIGNED_IN).await.map_err(|_| AppError::Unavailable)?;
    let signed_in = stored.ok_or(AppError::Unauthenticated)?;
    let now = backend.now_ms();
    let actor = backend.actor(signed_in, address).await?;
    let seen: i64 = session.get(SEEN_AT).await.ok().flatten().unwrap_or_default();
    if now - seen > NOTE_EVERY_MS {
        let _ = session.insert(SEEN_AT, now).await;
        let _ = session.insert(ADDRESS, address).await;
    }
    Ok(actor)
}

/// Whether a password was given within the last ten minutes.
pub async fn proved_lately(backend: &Backend, session: &Session) -> bool {
    let at: Option<i64> = session.get(PROVED_AT).await.ok().flatten();
    at.is_some_and(|at| backend.now_ms() - at < PROVED_FOR_MS)
}

/// Notes that a password was given just now.
pub async fn note_proof(backend: &Backend, session: &Session) {
    // Not noted, it is asked for once more.
    let _ = session.insert(PROVED_AT, backend.now_ms()).await;
}

/// Begins a session under a new id: one that was known before the login is worth nothing after it.
pub(crate) async fn begin(signed_in: SignedIn) -> Result<(), AppError> {
    let (backend, session) = (backend()?, session().await?);
    let now = backend.now_ms();
    let failed = |_| AppError::Unavailable;
    session.cycle_id().await.map_err(failed)?;
    session.insert(SIGNED_IN, signed_in).await.map_err(failed)?;
    session.insert(LOGGED_IN_AT, now).await.map_err(failed)?;
    session.insert(PROVED_AT, now).await.map_err(failed)?;
    session.insert(DEVICE, device()).await.map_err(failed)?;
    session.insert(ADDRESS, caller()?.address).await.map_err(failed)?;
    session.insert(SEEN_AT, now).await.map_err(failed)
}

/// The browser, as far as it says.
fn device() -> String {
    let parts = use_context::<Parts>();
    let user_agent = parts.as_ref().and_then(|parts| parts.headers.get(axum::http::header::USER_AGENT)?.to_str().ok());
    domain::own_account::device(user_agent.unwrap_or_default())
}

/// What the request's own session is called in lists.
pub(crate) async fn handle() -> Result<String, AppError> {
    Ok(session().await?.id().map(|id| backend::sessions::handle(&id)).unwrap_or_default())
}

/// Ends the session here and in the database, and clears what this browser may keep of the person. Not by
/// `Clear-Site-Data: "cookies"`: that would log people out of the neighbours under the same domain, and forget their
/// language. Not `"cache"` either: no page is kept, and emptying it takes Chromium seconds.
pub(crate) async fn end() -> Result<(), AppError> {
    super::set_header("clear-site-data", "\"storage\"");
    super::echo::forget();
    session().await?.flush().await.map_err(|_| AppError::Unavailable)
}
