//! Files that people bring: 사업자등록증, and nothing else. The one route that takes more than a form holds, so it stands
//! beside the wall that reads forms, behind all the others; and nobody's file is read who may not upload.

use std::sync::Arc;

use app::{
    api::{
        AppError,
        application::upload_draft,
        refused::Start,
        session::{self, ClientAddress, RequestNote},
    },
    paths,
};
use axum::{
    Extension, Router,
    extract::{FromRequest, Multipart, Request, State, multipart::Field},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use backend::{Actor, Backend, Error};
use domain::{
    application::{ApplicationError, Step, Upload},
    form::FormErrors,
};
use tokio::sync::Semaphore;
use tower_sessions::Session;

use crate::layers::forms::is_encoded;

/// So much is read of a file that is too large, so that its browser listens to the answer. What is beyond is cut off.
const PATIENCE: usize = 64 * 1024 * 1024;
/// The longest name of a file that is looked at.
const NAME: usize = 1024;
/// So many files are held in memory at once; others wait for their turn.
const AT_ONCE: usize = 4;

#[derive(Clone)]
struct Uploads {
    backend: Arc<Backend>,
    turns: Arc<Semaphore>,
}

pub fn routes(backend: &Arc<Backend>) -> Router {
    let uploads = Uploads { backend: Arc::clone(backend), turns: Arc::new(Semaphore::new(AT_ONCE)) };
    Router::new().route(paths::APPLICATION_REGISTRATION, get(download).post(upload)).with_state(uploads)
}

/// The 사업자등록증 of one's own merchant, to be saved and not shown: the name is ours.
async fn download(
    State(Uploads { backend, .. }): State<Uploads>,
    session: Session,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    note: Option<Extension<RequestNote>>,
) -> Response {
    let file = async {
        let actor = session::member(&backend, &session, address).await?;
        if let Some(Extension(note)) = &note {
            note.actor(&actor);
        }
        Ok::<_, AppError>(backend.registration(&actor).await?)
    };
    match file.await {
        Ok(file) => {
            let name = format!("attachment; filename=\"business-registration.{}\"", file.media);
            let headers =
                [(header::CONTENT_TYPE, file.media.content_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
            (headers, file.bytes).into_response()
        }
        Err(AppError::Unauthenticated) => go_to(paths::LOG_IN),
        Err(AppError::Forbidden) => StatusCode::FORBIDDEN.into_response(),
        Err(AppError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(AppError::Unavailable) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn upload(
    State(uploads): State<Uploads>,
    session: Session,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    note: Option<Extension<RequestNote>>,
    request: Request,
) -> Response {
    let backend = &uploads.backend;
    let page = paths::application_step(Step::Registration);
    let actor = match session::member(backend, &session, address).await {
        Ok(actor) => actor,
        Err(AppError::Unauthenticated) => return go_to(&format!("{}?next={}", paths::LOG_IN, paths::APPLICATION)),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    if let Some(Extension(note)) = &note {
        note.actor(&actor);
    }
    // Before a byte of the file is read.
    let kept = match backend.may_upload(&actor).await {
        Ok(()) => take(&uploads, &actor, request).await,
        Err(error) => Err(error.into()),
    };
    let error = match kept {
        Ok(()) => {
            if backend.forget_draft(&actor, &upload_draft()).await.is_err() {
                tracing::warn!("a draft was not forgotten");
            }
            return go_to(&format!("{}?done=saved", paths::APPLICATION));
        }
        Err(Refused::Malformed(status)) => return status.into_response(),
        Err(Refused::Told(error)) => AppError::from(error),
    };
    let start = match error {
        AppError::Form(errors) => Start { form: (), errors, error: None },
        other => Start { form: (), errors: FormErrors::default(), error: Some(other) },
    };
    match backend.keep_draft(&actor, &upload_draft(), &start).await {
        Ok(()) => go_to(&format!("{page}&refused=1")),
        Err(_) => go_to(&page),
    }
}

/// Why nothing is kept.
enum Refused {
    /// Told beside the field.
    Told(Error),
    /// No page of ours sends such a thing.
    Malformed(StatusCode),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

impl From<ApplicationError> for Refused {
    fn from(why: ApplicationError) -> Self {
        Self::Told(FormErrors::one("file", why.into()).into())
    }
}

async fn take(uploads: &Uploads, actor: &Actor, request: Request) -> Result<(), Refused> {
    if is_encoded(request.headers()) {
        return Err(Refused::Malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|_| Refused::Malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let _turn = uploads.turns.acquire().await.map_err(|_| Error::Unavailable)?;
    let malformed = |_| Refused::Malformed(StatusCode::BAD_REQUEST);
    let (mut file, mut seen) = (None, 0);
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let is_file = part.name() == Some("file") && file.is_none();
        let name: String = part.file_name().unwrap_or_default().chars().take(NAME).collect();
        let bytes = read(part, &mut seen).await?;
        if is_file {
            file = Some((name, bytes));
        }
    }
    let (name, bytes) = file.ok_or(ApplicationError::FileMissing)?;
    let upload = Upload::parse(&name, bytes.ok_or(ApplicationError::FileTooLarge)?)?;
    Ok(uploads.backend.keep_registration(actor, upload).await?)
}

/// A part's content; `None` when it is too large, and then it was read to its end all the same.
async fn read(mut part: Field<'_>, seen: &mut usize) -> Result<Option<Vec<u8>>, Refused> {
    let mut kept = Some(Vec::new());
    loop {
        let chunk = part.chunk().await.map_err(|_| Refused::Malformed(StatusCode::BAD_REQUEST))?;
        let Some(chunk) = chunk else { return Ok(kept) };
        *seen += chunk.len();
        if *seen > PATIENCE {
            return Err(Refused::Malformed(StatusCode::PAYLOAD_TOO_LARGE));
        }
        if let Some(bytes) = &mut kept {
            if bytes.len() + chunk.len() > Upload::MAX {
                kept = None;
            } else {
                bytes.extend_from_slice(&chunk);
            }
        }
    }
}

fn go_to(path: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, path.to_owned())]).into_response()
}
