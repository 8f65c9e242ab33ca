//! A console of one's own, asked through its router.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Request, StatusCode, header},
    response::Response,
};
use backend::Backend;
use http_body_util::BodyExt as _;
use leptos::config::LeptosOptions;
use server::{config::Config, core, router, serve};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub const ORIGIN: &str = "http://127.0.0.1:3000";

pub struct Console {
    pub people: Router,
    pub cores: Router,
    pub backend: Arc<Backend>,
    _dir: TempDir,
}

pub async fn a_console() -> Console {
    let dir = tempfile::tempdir().expect("a directory");
    let data_dir = dir.path().display().to_string();
    let config = Config::from_variables(|name| match name {
        "data_dir" => Some(data_dir.clone()),
        "argon2_memory_kib" => Some("64".into()),
        "argon2_passes" => Some("1".into()),
        _ => None,
    })
    .expect("a valid configuration");
    let backend = serve::backend(&config).await.expect("a backend");
    let options = LeptosOptions::builder().output_name("channel-console").site_root(data_dir.clone()).build();
    let peer = MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000)));
    let people = router::site(&config, &backend, options).layer(peer);
    Console { people, cores: core::router(Arc::clone(&backend)), backend, _dir: dir }
}

impl Console {
    pub async fn ask(&self, request: Request<Body>) -> Response {
        self.people.clone().oneshot(request).await.expect("the router answers")
    }

    /// A browser opening a page.
    pub async fn open(&self, path: &str) -> Response {
        let request = Request::get(path).header(header::ACCEPT, "text/html");
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    /// A plain form of our own pages.
    pub async fn submit(&self, path: &str, body: &str) -> Response {
        self.ask(form(path, body).body(Body::from(body.to_owned())).expect("a request")).await
    }

    pub async fn ask_core(&self, path: &str, token: Option<&str>) -> Response {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.cores.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("the router answers")
    }
}

pub fn form(path: &str, body: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, ORIGIN)
        .header(header::REFERER, format!("{ORIGIN}/signup"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, body.len())
}

pub fn header_of(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|v| v.to_str().expect("text").to_owned()).unwrap_or_default()
}

pub async fn text_of(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(bytes.to_vec()).expect("text"))
}
