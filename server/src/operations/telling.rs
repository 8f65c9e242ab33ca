//! A line of log and a count for every request: by its route, never by what was in it.

use std::{borrow::Cow, collections::BTreeSet, net::SocketAddr, sync::Arc, time::Instant};

use app::api::session::{ClientAddress, RequestNote};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use backend::Backend;
use leptos::server_fn::axum::server_fn_paths;
use tracing::Instrument as _;

use super::{Asked, Metrics};

/// By which an answer and its lines of log are found; taken from nobody outside.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// What probes and browsers ask for all the time, told at `debug` only.
const QUIET: [&str; 5] = ["/livez", "/readyz", "/metrics", "/health", FILE];
const FILE: &str = "(file)";

/// Why a request was refused, in the word of the API that refused it.
#[derive(Debug, Clone, Copy)]
pub struct Outcome(pub &'static str);

/// What [`tell`] needs; one a listener.
#[derive(Clone)]
pub struct Telling {
    backend: Arc<Backend>,
    metrics: Arc<Metrics>,
    listener: &'static str,
    server_functions: Arc<BTreeSet<&'static str>>,
}

impl Telling {
    pub fn new(backend: &Arc<Backend>, metrics: &Arc<Metrics>, listener: &'static str) -> Self {
        let server_functions = Arc::new(server_fn_paths().map(|(path, _)| path).collect());
        Self { backend: Arc::clone(backend), metrics: Arc::clone(metrics), listener, server_functions }
    }

    /// The route as it was written: there are as many as the program has, however many paths are asked for.
    fn route<'a>(&self, path: Option<&'a MatchedPath>, asked: &str) -> Cow<'a, str> {
        match path.map(MatchedPath::as_str) {
            Some(template) if template.starts_with("/api/") => match self.server_functions.get(asked) {
                Some(function) => Cow::Borrowed(*function),
                None => Cow::Borrowed(template),
            },
            Some(template) => Cow::Borrowed(template),
            None => Cow::Borrowed(FILE),
        }
    }
}

/// Goes around a whole listener.
pub async fn tell(State(telling): State<Telling>, mut request: Request, next: Next) -> Response {
    let id = telling.backend.request_id();
    let note = RequestNote::default();
    request.extensions_mut().insert(note.clone());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = telling.route(matched.as_ref(), request.uri().path()).into_owned();
    let method = method(request.method());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let span = tracing::info_span!("request", id);
    let since = Instant::now();
    let mut answer = next.run(request).instrument(span.clone()).await;
    let took = since.elapsed();
    let status = answer.status();
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, id);
    }
    let client = answer.extensions().get::<ClientAddress>().map(|ClientAddress(address)| *address).or(peer);
    let (client, outcome) = (
        client.map(tracing::field::display),
        answer.extensions().get::<Outcome>().map(|Outcome(code)| *code).or_else(|| note.noted_outcome()),
    );
    let (merchant, actor) = note.noted_actor().unzip();
    let (listener, status, ms) = (telling.listener, status.as_u16(), took.as_secs_f64() * 1000.0);
    let _entered = span.enter();
    if QUIET.contains(&&*route) {
        tracing::debug!(listener, method, route, status, ms, client, merchant, actor, outcome, "answered");
    } else {
        tracing::info!(listener, method, route, status, ms, client, merchant, actor, outcome, "answered");
    }
    telling.metrics.request(Asked { listener, method, route }, status, took);
    answer
}

/// Anybody can make up methods.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
