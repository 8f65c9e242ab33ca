//! The real router, asked as browsers, other sites and payment cores ask it.

mod account;
mod cores;
mod keys;
mod listening;
mod older_catalogue;
mod origin;
mod pages;
mod programs;
mod rest;
mod rest_refusals;
mod rest_scopes;
mod support;
mod surviving;
