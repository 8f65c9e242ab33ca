//! What the sentences about errors are filled with.

use crate::api::channels::ProviderChoice;

/// What a message about a field may name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorContext {
    /// The MID as typed.
    pub mid: String,
    /// The provider at hand.
    pub provider: String,
    /// Names of all providers, by id.
    pub providers: Vec<(String, String)>,
    /// The uses that a conditional field goes with, in words.
    pub uses: String,
    /// The label of the field that goes with the one at hand.
    pub other_field: String,
}

impl ErrorContext {
    /// About a channel of a provider, among all of them.
    pub fn of(provider: &str, providers: Vec<ProviderChoice>) -> Self {
        Self {
            provider: provider.to_owned(),
            providers: providers.into_iter().map(|choice| (choice.id.to_string(), choice.name)).collect(),
            ..Self::default()
        }
    }

    pub(super) fn name_of(&self, provider: &str) -> String {
        self.providers
            .iter()
            .find(|(id, _)| id == provider)
            .map_or_else(|| provider.to_owned(), |(_, name)| name.clone())
    }
}
