//! What the catalogue knows about a question that found no channel.

use domain::{
    channel::Status,
    id::OwnKind,
    resolve::{Candidate, Mistaken, Narrow, Unresolved},
    text,
};

use crate::Backend;

/// At most so many codes are suggested.
const SUGGESTED: usize = 5;

impl Backend {
    /// What somebody wrote where an identifier of ours belongs.
    pub(super) fn mistaken(&self, given: &str) -> Mistaken {
        let given = given.trim();
        if given.is_empty() {
            return Mistaken::Empty;
        }
        if let Some(own) = OwnKind::of(given) {
            return Mistaken::Own(own);
        }
        let of_test_mid = self.catalogue.modules().find(|(_, module)| module.test_mid(given).is_some());
        match of_test_mid {
            Some((provider, _)) => Mistaken::MidOf(provider.name.clone()),
            None => Mistaken::Malformed,
        }
    }

    /// The same reason, or a better one: a code that is none, or that of another module of the same provider.
    pub(super) fn explained(&self, why: Unresolved, candidates: &[Candidate], narrow: &Narrow) -> Unresolved {
        let Unresolved::NoChannelOfCode { code, known } = why else { return why };
        let asked: Vec<_> =
            self.catalogue.modules().filter(|(_, module)| module.pg_code.as_deref() == Some(&code)).collect();
        if asked.is_empty() {
            let perhaps = self.codes_like(&code);
            return Unresolved::CodeUnknown { code, perhaps };
        }
        let added = candidates.iter().rfind(|candidate| {
            candidate.status == Status::Active
                && narrow.within.has(candidate.mode, candidate.store)
                && asked.iter().any(|(provider, _)| provider.id == candidate.provider)
        });
        match added {
            Some(other) => Unresolved::OtherModule {
                asked: asked.first().and_then(|(_, module)| module.generation),
                has: other.pg_code.clone(),
                added: other.generation,
                code,
            },
            None => Unresolved::NoChannelOfCode { code, known },
        }
    }

    /// V1 codes that somebody may mean who writes this: a provider's name, V2's word for a module, other letters' case.
    fn codes_like(&self, typed: &str) -> Vec<String> {
        let typed = text::comparison_key(typed);
        if typed.is_empty() {
            return Vec::new();
        }
        let same = |name: &str| text::comparison_key(name) == typed;
        let mut codes: Vec<String> = Vec::new();
        for (provider, module) in self.catalogue.modules() {
            let Some(code) = &module.pg_code else { continue };
            let is_meant = same(code)
                || same(&module.pg_provider)
                || same(module.id.as_str())
                || same(provider.id.as_str())
                || same(&provider.name)
                || same(&provider.name_en)
                || provider.aliases.iter().any(|alias| same(alias));
            if is_meant && codes.len() < SUGGESTED && !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        codes
    }
}
