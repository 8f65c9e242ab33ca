//! What people see: pages, components, words, and the server functions behind them.
//!
//! Compiled twice: natively with `ssr` (pages are rendered on the server, every form works as a plain post) and to wasm
//! with `hydrate` (the same pages come alive). A page is markup and words; rules live in `domain`, work in `backend`.
// Nothing that serves a request may panic; tests may.
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![deny(clippy::todo, clippy::unimplemented, clippy::unreachable)]
#![recursion_limit = "256"]

pub mod api;
pub mod assets;
#[cfg(feature = "hydrate")]
mod busy;
mod components;
#[cfg(feature = "ssr")]
pub mod error_page;
#[cfg(feature = "ssr")]
mod hydration;
mod pages;
pub mod paths;
mod routes;
#[cfg(feature = "ssr")]
pub mod secret_pages;
#[cfg(feature = "ssr")]
mod shell;
pub mod text;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;

/// Brings the server's page alive.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    busy::watch();
    leptos::mount::hydrate_body(App);
    if let Some(root) = leptos::prelude::document().document_element() {
        // Says that inputs now react; the browser tests wait for it.
        let _ = root.set_attribute("data-hydrated", "true");
    }
}
