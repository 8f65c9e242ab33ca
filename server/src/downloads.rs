//! Files that people take with them.

use std::sync::Arc;

use app::api::{
    AppError,
    session::{self, ClientAddress, RequestNote},
};
use axum::{
    Extension,
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use backend::Backend;
use domain::trail::TrailQuery;
use tower_sessions::Session;

/// The trail as CSV, by the same filters as its page.
pub async fn trail(
    State(backend): State<Arc<Backend>>,
    session: Session,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    note: Option<Extension<RequestNote>>,
    Query(query): Query<TrailQuery>,
) -> Response {
    let file = async {
        let actor = session::member(&backend, &session, address).await?;
        if let Some(Extension(note)) = &note {
            note.actor(&actor);
        }
        Ok::<_, AppError>(backend.trail_file(&actor, &query).await?)
    };
    match file.await {
        Ok(file) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
            ];
            (headers, file).into_response()
        }
        // The page says why, in words.
        Err(AppError::Unauthenticated) => Redirect::to(app::paths::LOG_IN).into_response(),
        Err(_) => Redirect::to(app::paths::AUDIT).into_response(),
    }
}
