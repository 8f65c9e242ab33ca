//! Values that must not be shown: in logs, in debug output, in anything serialised by accident.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret at rest in memory. It cannot be serialised, prints as `Secret(…)` and is wiped when dropped.
///
/// ```compile_fail,E0277
/// serde_json::to_string(&domain::secret::Secret::new("a view with a secret in it does not compile"));
/// ```
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The one way to the value: easy to find when somebody asks where secrets go.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a person typed into a form, perhaps a secret. It travels from the browser (so it can be serialised) and prints
/// as `Typed(…)`; the backend turns it into a parsed value or a [`Secret`] and never sends it back.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Typed(String);

impl Typed {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        assert_eq!(format!("{:?} {:?}", Secret::new("hunter2"), Typed::new("hunter2")), "Secret(…) Typed(…)");
    }
}
