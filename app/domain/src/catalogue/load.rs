//! The catalogue as a whole: parsed once, looked up by id.

use std::sync::LazyLock;

use super::{Module, Provider, TestMid, embedded, requests::RequestGuide};
use crate::{
    channel::{ForeignTestMid, MidDirectory},
    id::{ModuleId, ProviderId},
};

/// All providers. Files are embedded and were parsed during the build: one that is wrong never starts.
#[derive(Debug, Clone)]
pub struct Catalogue {
    providers: Vec<Provider>,
}

#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    #[error("catalogue/{file}.toml: {source}")]
    Parse { file: String, source: Box<toml::de::Error> },
    #[error("catalogue/{file}.toml holds provider {id}: file name and id must agree")]
    FileName { file: String, id: ProviderId },
}

impl Catalogue {
    /// The catalogue that is compiled in.
    #[expect(
        clippy::panic,
        reason = "the backend's build script parses the same text: what does not parse is not built"
    )]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::parse_embedded().unwrap_or_else(|error| panic!("{error}")));
        &EMBEDDED
    }

    /// Parses what is compiled in. The backend's build script does, so that a file that is wrong fails the build.
    pub fn parse_embedded() -> Result<Self, CatalogueError> {
        Self::parse(embedded::FILES.iter().copied())
    }

    /// Parses files given as (name without ending, content).
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CatalogueError> {
        let mut providers = Vec::new();
        for (file, text) in files {
            let provider: Provider = toml::from_str(text)
                .map_err(|source| CatalogueError::Parse { file: file.to_owned(), source: Box::new(source) })?;
            if provider.id.as_str() != file {
                return Err(CatalogueError::FileName { file: file.to_owned(), id: provider.id });
            }
            providers.push(provider);
        }
        Ok(Self { providers })
    }

    pub fn providers(&self) -> &[Provider] {
        &self.providers
    }

    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|p| p.id.as_str() == id)
    }

    /// A module and the provider it belongs to; module ids are unique over all providers.
    pub fn module(&self, id: &str) -> Option<(&Provider, &Module)> {
        self.providers.iter().find_map(|p| Some((p, p.modules.iter().find(|m| m.id.as_str() == id)?)))
    }

    /// What a guide asks of payment requests to this module, where one is known.
    pub fn request_guide(&self, module: &ModuleId) -> Option<&RequestGuide> {
        self.providers.iter().flat_map(|p| &p.request_guides).find(|guide| guide.modules.contains(module))
    }

    /// The modules that bear this V1 code, and those of V2's `pgProvider`.
    pub fn modules(&self) -> impl Iterator<Item = (&Provider, &Module)> {
        self.providers.iter().flat_map(|p| p.modules.iter().map(move |m| (p, m)))
    }

    fn test_mids(&self) -> impl Iterator<Item = (&Provider, &Module, &TestMid)> {
        self.modules().flat_map(|(p, m)| m.test_mids.iter().map(move |t| (p, m, t)))
    }
}

impl MidDirectory for Catalogue {
    fn elsewhere(&self, mid: &str, own: &ModuleId) -> Option<ForeignTestMid> {
        self.test_mids()
            .find(|(_, module, test)| module.id != *own && test.mid == mid)
            .map(|(provider, module, _)| ForeignTestMid { provider: provider.id.clone(), module: module.id.clone() })
    }
}
