//! The real router, asked as browsers, other sites and payment cores ask it.

mod account;
mod bodies;
mod copying;
mod cores;
mod enumeration;
mod flood;
mod keys;
mod limits;
mod listening;
mod login_timing;
mod older_catalogue;
mod origin;
mod pages;
mod programs;
mod rest;
mod rest_refusals;
mod rest_scopes;
mod rotating;
mod sessions;
mod starting;
mod support;
mod surviving;
