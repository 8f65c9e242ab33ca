//! The files that are compiled in: every `catalogue/*.toml`, listed by `build.rs`.

/// File name without `.toml`, and content.
pub(super) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue_files.rs"));
