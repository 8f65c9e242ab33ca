//! What is applied for: one module of a PG, and of it the ways to ask for payments and the pay methods, in the catalogue's
//! words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::ApplicationError;
use crate::{
    catalogue::{Module, ModuleStatus},
    channel::Mode,
    form::{ErrorCode, FormErrors},
};

/// Whether the module can be applied for: it has a live mode, and its PG takes new merchants.
pub fn offered(module: &Module) -> bool {
    let is_over = matches!(module.status, ModuleStatus::Discontinued | ModuleStatus::ClosedToNew);
    module.modes.contains(&Mode::Live) && !is_over
}

/// The boxes that were ticked. The keys only tell the boxes apart (and begin with a letter: digits would make a list of
/// them); what counts are the values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct ChoiceForm {
    /// Pay styles, as the module has them.
    pub styles: BTreeMap<String, String>,
    /// Pay methods, each as `style|method`.
    pub methods: BTreeMap<String, String>,
}

/// What of a module is applied for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub styles: Vec<String>,
    /// By style, in the catalogue's order.
    pub methods: Vec<(String, Vec<String>)>,
}

impl Choice {
    /// The value of a method's box.
    pub fn value(style: &str, method: &str) -> String {
        format!("{style}|{method}")
    }

    pub fn has_method(&self, style: &str, method: &str) -> bool {
        self.methods.iter().any(|(of, methods)| of == style && methods.iter().any(|one| one == method))
    }

    pub fn has_style(&self, style: &str) -> bool {
        self.styles.iter().any(|one| one == style)
    }
}

impl ChoiceForm {
    /// What was ticked, of what the module offers.
    pub fn parse(&self, module: &Module) -> Result<Choice, FormErrors> {
        let mut errors = FormErrors::default();
        let styles: Vec<String> =
            module.pay_styles.iter().filter(|style| self.styles.values().any(|one| one == *style)).cloned().collect();
        let ticked = |style: &str, method: &str| self.methods.values().any(|one| *one == Choice::value(style, method));
        let methods: Vec<(String, Vec<String>)> = module
            .pay_methods
            .iter()
            .map(|by| (by.style.clone(), by.methods.iter().filter(|m| ticked(&by.style, m)).cloned().collect()))
            .filter(|(_, methods): &(String, Vec<String>)| !methods.is_empty())
            .collect();
        let is_style = |one: &String| module.pay_styles.contains(one);
        let is_method = |one: &String| {
            let found = |style: &str, method: &str| Choice::value(style, method) == *one;
            module.pay_methods.iter().any(|by| by.methods.iter().any(|method| found(&by.style, method)))
        };
        if !self.styles.values().all(is_style) {
            errors.push("styles", ErrorCode::NotAChoice);
        } else if styles.is_empty() {
            errors.push("styles", ApplicationError::ChooseOne.into());
        }
        if !self.methods.values().all(is_method) {
            errors.push("methods", ErrorCode::NotAChoice);
        } else if methods.is_empty() && !module.pay_methods.is_empty() {
            errors.push("methods", ApplicationError::ChooseOne.into());
        }
        errors.into_result()?;
        Ok(Choice { styles, methods })
    }

    /// The form as it was ticked for `choice`.
    pub fn of(choice: &Choice) -> Self {
        let numbered = |values: Vec<String>| (0..).map(|n: usize| n.to_string()).zip(values).collect();
        let methods = choice
            .methods
            .iter()
            .flat_map(|(style, methods)| methods.iter().map(move |method| Choice::value(style, method)));
        Self { styles: numbered(choice.styles.clone()), methods: numbered(methods.collect()) }
    }

    pub fn ticks_style(&self, style: &str) -> bool {
        self.styles.values().any(|one| one == style)
    }

    pub fn ticks_method(&self, style: &str, method: &str) -> bool {
        self.methods.values().any(|one| *one == Choice::value(style, method))
    }
}
