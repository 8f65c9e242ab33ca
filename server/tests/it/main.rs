//! The real router, asked as browsers, other sites and payment cores ask it.
//!
//! Four workers, as the host has at least: on one, a rendered page can wait for itself (leptos#4647).

mod cores;
mod origin;
mod pages;
mod support;
