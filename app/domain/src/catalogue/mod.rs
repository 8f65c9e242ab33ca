//! The catalogue: providers × modules × fields × shared test MIDs, as data.
//!
//! One TOML file a provider under `app/domain/catalogue/`. Adding a payment gateway means adding a file there (and a
//! mark for the eye); when that does not suffice, a word is missing from the vocabulary in [`model`].

pub mod model;
pub mod requests;

#[cfg(feature = "catalogue-data")]
mod embedded;
#[cfg(feature = "catalogue-data")]
mod load;

#[cfg(feature = "catalogue-data")]
pub use load::{Catalogue, CatalogueError};
pub use model::{
    Category, Condition, Field, Generation, LocalText, MidField, Module, ModuleStatus, Notice, PayMethods, Provider,
    Required, TestMid, Tone, Topic, Version,
};
