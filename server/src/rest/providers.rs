//! The catalogue, open to all: what a form needs to know to add a channel of a module.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use backend::Backend;
use domain::{
    catalogue::{Field, LocalText, Module, Provider, TestMid},
    channel::{Mode, Purpose, Use},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, ProblemBody};

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderBody {
    id: String,
    name: String,
    name_en: String,
    category: serde_json::Value,
    aliases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modules: Option<Vec<ModuleBody>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModuleBody {
    id: String,
    label: String,
    generation: serde_json::Value,
    status: serde_json::Value,
    pg_provider: String,
    /// Null for modules of V2 only.
    pg_code: Option<String>,
    versions: Vec<String>,
    pay_styles: Vec<String>,
    purposes: Vec<&'static str>,
    modes: Vec<&'static str>,
    uses: Vec<&'static str>,
    mid_label: String,
    mid_help: Option<LocalBody>,
    test_mids: Vec<TestMidBody>,
    pay_methods: Vec<PayMethodsBody>,
    notices: Vec<LocalBody>,
    fields: Vec<FieldBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LocalBody {
    ko: String,
    en: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TestMidBody {
    mid: String,
    purpose: LocalBody,
    pay_styles: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PayMethodsBody {
    style: String,
    methods: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldBody {
    key: String,
    label: String,
    secret: bool,
    /// `always`, `live`, `conditional` or `optional`.
    required: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<ConditionBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<LocalBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConditionBody {
    any_of: Vec<&'static str>,
}

/// All providers, without their modules.
#[utoipa::path(
    get, path = "/rest/v2/providers", operation_id = "listProviders", tag = "Catalogue",
    responses((status = 200, body = Vec<ProviderBody>)),
)]
pub async fn list(State(backend): State<Arc<Backend>>) -> Json<Vec<ProviderBody>> {
    Json(backend.catalogue().providers().iter().map(|provider| provider_body(provider, None)).collect())
}

/// One provider with its modules and their fields.
#[utoipa::path(
    get, path = "/rest/v2/providers/{id}", operation_id = "showProvider", tag = "Catalogue",
    params(("id" = String, Path, description = "`inicis`, `ksnet`, …")),
    responses((status = 200, body = ProviderBody), (status = 404, body = ProblemBody)),
)]
pub async fn show(State(backend): State<Arc<Backend>>, Path(id): Path<String>) -> Result<Json<ProviderBody>, Problem> {
    let provider = backend.catalogue().provider(&id).ok_or(Problem::ProviderNotFound)?;
    let modules = provider.modules.iter().map(module_body).collect();
    Ok(Json(provider_body(provider, Some(modules))))
}

fn provider_body(provider: &Provider, modules: Option<Vec<ModuleBody>>) -> ProviderBody {
    ProviderBody {
        id: provider.id.to_string(),
        name: provider.name.clone(),
        name_en: provider.name_en.clone(),
        category: word(&provider.category),
        aliases: provider.aliases.clone(),
        modules,
    }
}

fn module_body(module: &Module) -> ModuleBody {
    ModuleBody {
        id: module.id.to_string(),
        label: module.label.clone(),
        generation: word(&module.generation),
        status: word(&module.status),
        pg_provider: module.pg_provider.clone(),
        pg_code: module.pg_code.clone(),
        versions: module.versions.iter().map(|version| format!("{version:?}")).collect(),
        pay_styles: module.pay_styles.clone(),
        purposes: module.purposes.iter().copied().map(Purpose::as_str).collect(),
        modes: module.modes.iter().copied().map(Mode::as_str).collect(),
        uses: module.uses.iter().copied().map(Use::as_str).collect(),
        mid_label: module.mid.label.clone(),
        mid_help: module.mid.help.as_ref().map(local),
        test_mids: module.offered_test_mids().map(test_mid_body).collect(),
        pay_methods: module
            .pay_methods
            .iter()
            .map(|by_style| PayMethodsBody { style: by_style.style.clone(), methods: by_style.methods.clone() })
            .collect(),
        notices: module.notices.iter().map(|notice| local(&notice.text)).collect(),
        fields: module.fields.iter().map(field_body).collect(),
    }
}

fn test_mid_body(test: &TestMid) -> TestMidBody {
    TestMidBody { mid: test.mid.clone(), purpose: local(&test.purpose_label), pay_styles: test.pay_styles.clone() }
}

fn field_body(field: &Field) -> FieldBody {
    FieldBody {
        key: field.key.to_string(),
        label: field.label.clone(),
        secret: field.secret,
        required: word(&field.required),
        condition: field
            .condition
            .as_ref()
            .map(|condition| ConditionBody { any_of: condition.any_of.iter().copied().map(Use::as_str).collect() }),
        max_length: field.max_length.or(field.exact_length),
        help: field.help.as_ref().map(local),
    }
}

fn local(text: &LocalText) -> LocalBody {
    LocalBody { ko: text.ko.clone(), en: text.en.clone() }
}

/// A word of the catalogue as its file has it.
fn word(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}
