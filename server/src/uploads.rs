//! Files that people bring: 사업자등록증, and nothing else. The one route that takes more than a form holds, so it stands
//! beside the wall that reads forms, behind all the others; and nobody's file is read who may not upload.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

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
    extract::{
        FromRequest, Multipart, Request, State,
        multipart::{Field, MultipartError},
    },
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use backend::{Actor, Backend, Error};
use domain::{
    application::{ApplicationError, Step, Upload},
    form::FormErrors,
};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};
use tower_sessions::Session;

use crate::layers::forms::is_encoded;

/// So much is read of a file that is too large, so that its browser listens to the answer. What is beyond is cut off,
/// whatever it is: content, heads of parts, or what no part begins with.
const PATIENCE: usize = 64 * 1024 * 1024;
/// The longest name of a file that is looked at.
const NAME: usize = 1024;
/// So many files are held in memory at once, one a merchant.
const AT_ONCE: usize = 16;

/// How slowly a file may come. A line of 20 kB/s brings the largest in under nine minutes; who stops is not waited for.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The longest silence.
    pub silence: Duration,
    /// For so long nobody is measured.
    pub grace: Duration,
    /// Bytes a second after that, on the average from the beginning.
    pub rate: u32,
    /// For everything but the coming of the file.
    pub answer: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            silence: Duration::from_secs(15),
            grace: Duration::from_secs(30),
            rate: 20_000,
            answer: Duration::from_secs(30),
        }
    }
}

#[derive(Clone)]
struct Uploads {
    backend: Arc<Backend>,
    pace: Pace,
    turns: Arc<Semaphore>,
    /// The merchants that are uploading now.
    under_way: Arc<Mutex<BTreeSet<u128>>>,
}

pub fn routes(backend: &Arc<Backend>, pace: Pace) -> Router {
    let uploads = Uploads {
        backend: Arc::clone(backend),
        pace,
        turns: Arc::new(Semaphore::new(AT_ONCE)),
        under_way: Arc::default(),
    };
    let in_time = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, pace.answer);
    Router::new()
        .route(paths::APPLICATION_REGISTRATION, get(download).layer(in_time).post(upload))
        .layer(RequestBodyLimitLayer::new(PATIENCE))
        .with_state(uploads)
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
        Err(AppError::Unauthenticated) => return go_to(&paths::log_in_to(paths::APPLICATION)),
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
    let outcome = |code| {
        if let Some(Extension(note)) = &note {
            note.outcome(code);
        }
    };
    let error = match kept {
        Ok(()) => {
            if backend.forget_draft(&actor, &upload_draft()).await.is_err() {
                tracing::warn!("a draft was not forgotten");
            }
            return go_to(&format!("{}?done=saved", paths::APPLICATION));
        }
        Err(Refused::Malformed(status)) => {
            outcome(if status == StatusCode::REQUEST_TIMEOUT { "too_slow" } else { "malformed" });
            return status.into_response();
        }
        Err(Refused::Told(error)) => {
            outcome(error.code());
            AppError::from(error)
        }
    };
    match backend.keep_draft(&actor, &upload_draft(), &Start::refused((), error)).await {
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
    // A second one of the same merchant has nothing to wait for: the first is still coming.
    let Some(_alone) = Alone::of(uploads, actor.merchant_id().as_u128()) else {
        return Err(Error::TooManyAttempts { retry_after: uploads.pace.silence }.into());
    };
    let turn = timeout(uploads.pace.silence, uploads.turns.acquire()).await;
    let _turn = turn.ok().and_then(Result::ok).ok_or(Error::Unavailable)?;
    let mut coming = Coming { pace: uploads.pace, since: Instant::now(), seen: 0 };
    let mut file = None;
    while let Some(part) = coming.wait(parts.next_field()).await? {
        let is_file = part.name() == Some("file") && file.is_none();
        let name: String = part.file_name().unwrap_or_default().chars().take(NAME).collect();
        let bytes = coming.read(part).await?;
        if is_file {
            file = Some((name, bytes));
        }
    }
    let (name, bytes) = file.ok_or(ApplicationError::FileMissing)?;
    let upload = Upload::parse(&name, bytes.ok_or(ApplicationError::FileTooLarge)?)?;
    let kept = timeout(uploads.pace.answer, uploads.backend.keep_registration(actor, upload)).await;
    Ok(kept.unwrap_or(Err(Error::Unavailable))?)
}

/// The one upload of a merchant that is under way.
struct Alone<'a> {
    uploads: &'a Uploads,
    merchant: u128,
}

impl<'a> Alone<'a> {
    fn of(uploads: &'a Uploads, merchant: u128) -> Option<Self> {
        let is_first = uploads.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(merchant);
        // Made only then: what is dropped takes the merchant out.
        is_first.then(|| Self { uploads, merchant })
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.uploads.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.merchant);
    }
}

/// A file on its way, measured against the pace.
struct Coming {
    pace: Pace,
    since: Instant,
    seen: usize,
}

impl Coming {
    /// What comes next, if it comes before the silence is too long.
    async fn wait<T>(&self, next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Refused> {
        let too_slow = Refused::Malformed(StatusCode::REQUEST_TIMEOUT);
        let next = timeout(self.pace.silence, next).await.map_err(|_| too_slow)?;
        next.map_err(|error| Refused::Malformed(error.status()))
    }

    /// A part's content; `None` when it is too large, and then it was read to its end all the same.
    async fn read(&mut self, mut part: Field<'_>) -> Result<Option<Vec<u8>>, Refused> {
        let mut kept = Some(Vec::new());
        loop {
            let Some(chunk) = self.wait(part.chunk()).await? else { return Ok(kept) };
            self.seen += chunk.len();
            let took = self.since.elapsed();
            if took > self.pace.grace && took.mul_f64(f64::from(self.pace.rate)).as_secs() > self.seen as u64 {
                return Err(Refused::Malformed(StatusCode::REQUEST_TIMEOUT));
            }
            keep(&mut kept, &chunk);
        }
    }
}

/// Adds what came, as long as it is not too much.
fn keep(kept: &mut Option<Vec<u8>>, chunk: &[u8]) {
    if let Some(bytes) = kept {
        if bytes.len() + chunk.len() > Upload::MAX {
            *kept = None;
        } else {
            bytes.extend_from_slice(chunk);
        }
    }
}

fn go_to(path: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, path.to_owned())]).into_response()
}
