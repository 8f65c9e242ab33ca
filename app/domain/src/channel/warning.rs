//! What looks odd about a channel without being wrong. Warnings never block.

use serde::{Deserialize, Serialize};

use super::{Mid, Mode};
use crate::catalogue::{Generation, Module};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum WarningCode {
    /// A live MID that does not begin as those issued through us do, or has another length.
    UnusualLiveMid,
    /// A test MID that begins as live ones do.
    LiveLookingMidInTest,
    /// A field whose value does not begin as expected.
    UnusualPrefix,
    /// Another channel of the same store, mode and module has this MID.
    DuplicateMid,
    /// 구모듈: the provider's older module.
    OldModule,
    /// A shared test MID that the PG does not offer any more.
    RetiredTestMid,
    /// One character away from a shared test MID of the module.
    NearTestMid { meant: Mid },
}

/// A warning beside the field it is about; `module` for the module as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub field: String,
    #[serde(flatten)]
    pub code: WarningCode,
}

impl Warning {
    pub fn new(field: impl Into<String>, code: WarningCode) -> Self {
        Self { field: field.into(), code }
    }
}

/// The warnings that the values alone give. Public fields only: secrets are never looked at after they are sealed.
pub fn warnings<'a>(
    mode: Mode,
    module: &Module,
    mid: &str,
    public_fields: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<Warning> {
    let mut found = Vec::new();
    if module.generation == Some(Generation::Old) || module.superseded_by.is_some() {
        found.push(Warning::new("module", WarningCode::OldModule));
    }
    let prefixes = &module.mid.live_prefixes;
    let live_looking = prefixes.iter().any(|p| mid.starts_with(p.as_str()));
    let has_live_length = module.mid.live_length.is_none_or(|length| mid.chars().count() == length as usize);
    match mode {
        Mode::Live if !(prefixes.is_empty() || live_looking && has_live_length) => {
            found.push(Warning::new("mid", WarningCode::UnusualLiveMid));
        }
        Mode::Test if live_looking && module.test_mid(mid).is_none() => {
            found.push(Warning::new("mid", WarningCode::LiveLookingMidInTest));
        }
        Mode::Test if module.test_mid(mid).is_some_and(|test| test.retired.is_some()) => {
            found.push(Warning::new("mid", WarningCode::RetiredTestMid));
        }
        _ => {}
    }
    if module.test_mid(mid).is_none()
        && let Some(test) = module.offered_test_mids().find(|test| is_near(mid, &test.mid))
        && let Ok(meant) = Mid::parse(&test.mid)
    {
        found.push(Warning::new("mid", WarningCode::NearTestMid { meant }));
    }
    for (key, value) in public_fields {
        let unusual = module
            .fields
            .iter()
            .find(|f| f.key.as_str() == key)
            .is_some_and(|f| !f.prefixes.is_empty() && !f.prefixes.iter().any(|p| value.starts_with(p.as_str())));
        if unusual {
            found.push(Warning::new(format!("fields.{key}"), WarningCode::UnusualPrefix));
        }
    }
    found
}

/// Whether one character was left out, added, changed, or swapped with its neighbour. Short MIDs are near by chance.
fn is_near(typed: &str, known: &str) -> bool {
    let (typed, known): (Vec<char>, Vec<char>) = (typed.chars().collect(), known.chars().collect());
    let same = typed.iter().zip(&known).take_while(|(t, k)| t == k).count();
    let (Some(rest), Some(wanted)) = (typed.get(same..), known.get(same..)) else { return false };
    let swapped = || match (rest, wanted) {
        ([a, b, rest @ ..], [c, d, wanted @ ..]) => a == d && b == c && rest == wanted,
        _ => false,
    };
    known.len() >= 6
        && (rest.get(1..) == wanted.get(1..)
            || rest.get(1..) == Some(wanted)
            || Some(rest) == wanted.get(1..)
            || swapped())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_one_character_is_near() {
        for typed in ["INIpayTes", "INIpayTestt", "INIpayTast", "INIpyaTest", "NIpayTest", "xINIpayTest"] {
            assert!(is_near(typed, "INIpayTest"), "{typed}");
        }
        for typed in ["INIpay", "INIpayTestab", "MOIpayTest", "", "ourOwnShop"] {
            assert!(!is_near(typed, "INIpayTest"), "{typed}");
        }
    }
}
