//! Who sent the form.

use app::{
    api::{
        AppError,
        session::{ClientAddress, RequestNote, member, note_proof, proved_lately},
    },
    paths,
    secret_pages::Look,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    response::Response,
};
use backend::{Actor, Backend, PasswordProof};
use domain::secret::Typed;
use tower_sessions::Session;

use super::go_to;
use crate::layers::headers::PageNonce;

pub struct Visitor {
    session: Session,
    address: ClientAddress,
    headers: HeaderMap,
    nonce: PageNonce,
    note: RequestNote,
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // All of these are put there by our own layers.
        let missing = StatusCode::INTERNAL_SERVER_ERROR;
        Ok(Self {
            session: parts.extensions.get::<Session>().cloned().ok_or(missing)?,
            address: *parts.extensions.get::<ClientAddress>().ok_or(missing)?,
            nonce: parts.extensions.get::<PageNonce>().cloned().ok_or(missing)?,
            note: parts.extensions.get::<RequestNote>().cloned().unwrap_or_default(),
            headers: parts.headers.clone(),
        })
    }
}

impl Visitor {
    /// The member who is logged in, or the way to the login and back to the form.
    pub async fn actor(&self, backend: &Backend, form: &str) -> Result<Actor, Response> {
        match member(backend, &self.session, self.address.0).await {
            Ok(actor) => {
                self.note.actor(&actor);
                Ok(actor)
            }
            Err(AppError::Unauthenticated) => Err(go_to(&format!("{}?next={form}", paths::LOG_IN))),
            Err(_) => Err(go_to(form)),
        }
    }

    /// What there is of proof: a password given lately, or the one typed now.
    pub async fn proof(&self, backend: &Backend, password: Typed) -> PasswordProof {
        if proved_lately(backend, &self.session).await { PasswordProof::Recent } else { PasswordProof::Typed(password) }
    }

    /// The password was right.
    pub async fn proved(&self, backend: &Backend) {
        note_proof(backend, &self.session).await;
    }

    /// The look of the answer; its inline script bears the nonce that the answer's policy names.
    pub fn look(&self, nonce: String) -> Look {
        let look = Look::of(&self.headers, &nonce);
        self.nonce.set(nonce);
        look
    }

    pub fn language(&self) -> backend::Language {
        Look::of(&self.headers, "").language()
    }
}
