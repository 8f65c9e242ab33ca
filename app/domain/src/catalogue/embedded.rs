//! The files that are compiled in. `load` checks that the list and the folder agree.

/// File name without `.toml`, and content.
pub(super) const FILES: &[(&str, &str)] = &[
    ("inicis", include_str!("../../catalogue/inicis.toml")),
    ("ksnet", include_str!("../../catalogue/ksnet.toml")),
    ("smartro", include_str!("../../catalogue/smartro.toml")),
];
