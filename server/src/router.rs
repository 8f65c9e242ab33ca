//! The listener for people: pages, server functions, files.

use std::{
    convert::Infallible,
    sync::{Arc, OnceLock},
    time::Duration,
};

use app::{App, api::session::KnownActor, shell};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRef},
    http::{Request, Response, StatusCode, request::Parts},
    middleware::{from_fn, from_fn_with_state, map_response},
    routing::{get, post},
};
use backend::Backend;
use leptos::{
    config::LeptosOptions,
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes as _, generate_route_list, handle_server_fns_with_context,
    render_app_async_with_context,
};
use tower::{service_fn, util::BoxCloneSyncService};
use tower_http::{
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    limit::RequestBodyLimitLayer,
    services::ServeDir,
    timeout::TimeoutLayer,
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::{
    config::Config,
    downloads,
    layers::{self, headers::PageNonce, hosts::Hosts},
    request_check, rest, secret_pages,
    serve::StartError,
    uploads,
};

pub use crate::uploads::Pace;

/// How long a request may take, and how slowly a file may come.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub answer: Duration,
    pub upload: Pace,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer: Duration::from_secs(30), upload: Pace::default() }
    }
}

#[derive(Debug, Clone)]
struct Site {
    options: LeptosOptions,
}

impl FromRef<Site> for LeptosOptions {
    fn from_ref(site: &Site) -> Self {
        site.options.clone()
    }
}

/// The whole site, with its files where `options` says.
pub fn site(config: &Config, backend: &Arc<Backend>, options: LeptosOptions, patience: Patience) -> Router {
    let sessions = SessionManagerLayer::new(backend.sessions())
        .with_name(if config.is_https() { "__Host-sid" } else { "sid" })
        .with_secure(config.is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(backend::sessions::IDLE));
    let context = {
        let backend = Arc::clone(backend);
        move || {
            provide_context(Arc::clone(&backend));
            provide_context(KnownActor::default());
            note_nonce();
        }
    };
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let origin: Arc<str> = config.public_url.as_str().into();
    let pages = Router::new()
        .route("/health", get(health))
        .route(app::paths::AUDIT_FILE, get(downloads::trail).with_state(Arc::clone(backend)))
        .route("/api/{*name}", {
            let context = context.clone();
            post(move |request| handle_server_fns_with_context(context, request))
        })
        .merge(secret_pages::routes(config, backend, &options))
        .merge(request_check::routes(context.clone(), document.clone()))
        .leptos_routes_with_context(&Site { options: options.clone() }, routes(), context.clone(), document)
        .fallback_service(files(&options, context))
        .with_state(Site { options: options.clone() })
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        .layer(sessions.clone())
        .layer(from_fn_with_state(config.is_https(), layers::cookies::complete))
        .layer(from_fn(layers::forms::read))
        .layer(RequestBodyLimitLayer::new(layers::forms::BODY))
        .layer(from_fn_with_state(Arc::clone(&origin), layers::same_origin::require))
        // No cookie is worth anything there, so there is nothing that another site could use.
        .merge(rest::router(Arc::clone(backend)))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, patience.answer))
        // Ten megabytes take as long as the line needs: they are measured by their pace.
        .merge(
            uploads::routes(backend, patience.upload)
                .layer(sessions)
                .layer(from_fn_with_state(config.is_https(), layers::cookies::complete))
                .layer(from_fn_with_state(origin, layers::same_origin::require)),
        );
    surrounded(config, options, pages)
}

/// What stands around every answer of the people's listener, whatever gives it.
pub fn surrounded(config: &Config, options: LeptosOptions, inside: Router) -> Router {
    let trusted: Arc<[ipnet::IpNet]> = config.trusted_proxies.clone().into();
    inside
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(layers::panics::catch))
        .layer(from_fn(layers::methods::refuse))
        .layer(from_fn_with_state(Arc::new(Hosts::of(config)), layers::hosts::require))
        .layer(from_fn_with_state(options, layers::error_pages::add))
        .layer(map_response(layers::come_back::say_when))
        .layer(from_fn_with_state(config.is_https(), layers::headers::add))
        // Around everything that may answer in another's stead, so that the log knows who was refused.
        .layer(from_fn_with_state(trusted, layers::client_address::find))
}

/// The pages' routes, listed once: while they are, no page of this process may be rendered, since its data would never
/// arrive (leptos#4773). Who asks meanwhile waits here.
fn routes() -> Vec<AxumRouteListing> {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    ROUTES.get_or_init(|| generate_route_list(App)).clone()
}

/// The site's files, and the page that says so where there is none. Not leptos' own handler for files: it may run within
/// the reactive owner of another request and then answers with that one's headers.
fn files(options: &LeptosOptions, context: impl Fn() + Clone + Send + Sync + 'static) -> ServeDir<NotFoundService> {
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let render = render_app_async_with_context(context, document);
    let not_found = service_fn(move |request| {
        let page = render(request);
        async move { Ok::<_, Infallible>(page.await) }
    });
    ServeDir::new(options.site_root.as_ref())
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(BoxCloneSyncService::new(not_found))
}

type NotFoundService = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// Pages and answers. WASM is compressed when it is built, if at all: doing it at every request costs a second.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new().and(NotForContentType::const_new("application/wasm"))
}

async fn health() -> &'static str {
    "ok"
}

/// Tells the header layer the nonce of this page's inline scripts. There is none for server functions and while the
/// routes are listed. It does not travel in leptos' `ResponseOptions`, so that nothing else can take it.
fn note_nonce() {
    let noted = use_context::<Parts>().and_then(|parts| parts.extensions.get::<PageNonce>().cloned());
    if let (Some(nonce), Some(noted)) = (use_nonce(), noted) {
        noted.set(nonce.to_string());
    }
}

/// What cargo-leptos would tell by its environment, from where the files are: beside the program when installed, in
/// `target/site` in a checkout.
pub fn options(config: &Config) -> Result<LeptosOptions, StartError> {
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("site")));
    let root = beside
        .into_iter()
        .chain(["target/site".into()])
        .find(|path| path.join("pkg").is_dir())
        .ok_or_else(|| StartError::Site("build them with cargo leptos build (make run does)".into()))?;
    Ok(LeptosOptions::builder()
        .output_name("channel-console")
        .site_root(root.display().to_string())
        .site_pkg_dir("pkg")
        .site_addr(config.addr)
        .hash_files(true)
        .build())
}
