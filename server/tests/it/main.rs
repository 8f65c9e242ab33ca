//! The real router, asked as browsers, other sites and payment cores ask it.

mod account;
mod bodies;
mod chance;
mod copying;
mod cores;
mod enumeration;
mod flood;
mod headers;
mod keys;
mod limits;
mod listening;
mod login_timing;
mod malformed;
mod older_catalogue;
mod origin;
mod pages;
mod policy;
mod programs;
mod rest;
mod rest_refusals;
mod rest_scopes;
mod rotating;
mod sessions;
mod starting;
mod support;
mod surviving;
