//! From the form to a channel that may be stored. One function for adding and editing, on the server and in the browser.

use std::collections::{BTreeMap, BTreeSet};

use validator::Validate as _;

use super::{ChannelForm, ChannelName, Credentials, Mid, MidDirectory, Mode, Purpose, Tax, Use};
use crate::{
    catalogue::{Field, Module, TestMid},
    form::{ErrorCode, FormErrors},
    id::{FieldKey, OwnKind},
    secret::Secret,
    text,
};

/// A form that said what it should. The name is absent when a shared test MID was chosen and none was typed: the
/// backend suggests one that is not taken.
#[derive(Debug, Clone)]
pub struct ChannelSpec {
    pub name: Option<ChannelName>,
    pub purpose: Purpose,
    pub mid: Mid,
    pub uses: Vec<Use>,
    pub credentials: Credentials,
    pub public_fields: BTreeMap<FieldKey, String>,
    /// What becomes of each secret field that the module has for this purpose; one that is missing is unset.
    pub secrets: BTreeMap<FieldKey, SecretChange>,
    pub tax: Tax,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretChange {
    Set(Secret),
    /// A blank input keeps what is stored.
    Keep,
}

/// What is stored already, when a channel is edited.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// Secrets belong to a MID: another MID drops them all.
    pub mid: Option<Mid>,
    pub secrets: BTreeSet<FieldKey>,
}

/// Checks a form against its module. Every error is found, not only the first.
pub fn parse(
    form: &ChannelForm,
    mode: Mode,
    module: &Module,
    stored: &Stored,
    directory: &impl MidDirectory,
) -> Result<ChannelSpec, FormErrors> {
    let mut errors = FormErrors::default();

    if !module.modes.contains(&mode) {
        errors.push("mode", ErrorCode::ModeNotSupported);
    }
    let purpose = purpose(form, module).unwrap_or_else(|code| {
        errors.push("purpose", code);
        module.purposes.first().copied().unwrap_or(Purpose::Payment)
    });
    let mid = mid(form, mode, module, purpose, directory).map_err(|code| errors.push("mid", code)).ok();
    let shared = mid.as_ref().and_then(|mid| shared_test(mid, mode, module));
    let uses = uses(form, module, purpose, shared, &mut errors);
    if module.needs_use && shared.is_none() && uses.is_empty() && errors.of("uses").is_none() {
        errors.push("uses", ErrorCode::UseRequired);
    }
    let name = name(form, shared).unwrap_or_else(|code| {
        errors.push("name", code);
        None
    });

    let mut public_fields = BTreeMap::new();
    let mut secrets = BTreeMap::new();
    let same_mid = stored.mid.is_some() && stored.mid == mid;
    for field in module.fields_for(purpose) {
        let input = format!("fields.{}", field.key);
        let typed = typed(form, field);
        if shared.is_some() {
            if let Some(paired) = shared.and_then(|t| t.paired.get(&field.key))
                && (typed.is_empty() || typed == *paired)
            {
                public_fields.insert(field.key.clone(), paired.clone());
                continue;
            }
            if !typed.is_empty() {
                errors.push(input, ErrorCode::NotWithSharedTestMid);
            }
            continue;
        }
        let is_stored = field.secret && same_mid && stored.secrets.contains(&field.key);
        let cleared = form.clear.contains_key(field.key.as_str());
        if typed.is_empty() {
            if is_stored && !cleared && field.allowed(&uses) {
                secrets.insert(field.key.clone(), SecretChange::Keep);
            } else if field.needed(&uses) {
                errors.push(input, ErrorCode::Required);
            }
            continue;
        }
        if let Err(code) = check_value(field, &typed, &uses) {
            errors.push(input, code);
        } else if field.secret {
            secrets.insert(field.key.clone(), SecretChange::Set(Secret::new(typed)));
        } else {
            public_fields.insert(field.key.clone(), typed);
        }
    }
    if shared.is_none() {
        let is_filled = |key: &FieldKey| public_fields.contains_key(key) || secrets.contains_key(key);
        for (field, other) in module.fields_for(purpose).filter_map(|field| Some((field, field.pair.as_ref()?))) {
            let input = format!("fields.{}", field.key);
            if is_filled(other) && !is_filled(&field.key) && errors.of(&input).is_none() {
                errors.push(input, ErrorCode::PairIncomplete { with: other.clone() });
            }
        }
    }
    refuse_unknown_fields(form, module, purpose, &mut errors);
    let tax = tax(form, purpose).unwrap_or_else(|code| {
        errors.push("tax", code);
        Tax::None
    });

    if let Err(shape) = form.validate() {
        errors.complete_with(shape.into());
    }
    errors.sort_by_field(|field| form_order(field, module));
    match mid {
        Some(mid) if errors.is_empty() => Ok(ChannelSpec {
            name,
            purpose,
            mid,
            uses,
            credentials: if shared.is_some() { Credentials::SharedTest } else { Credentials::Own },
            public_fields,
            secrets,
            tax,
        }),
        _ => Err(errors),
    }
}

/// The seeds' order: 채널 이름 → 채널 속성 → PG상점아이디 → uses → the module's fields → 과세설정.
fn form_order(field: &str, module: &Module) -> usize {
    let before = ["mode", "name", "purpose", "mid", "uses"];
    let after = before.len() + module.fields.len();
    match field.strip_prefix("fields.") {
        Some(key) => module.fields.iter().position(|f| f.key.as_str() == key).map_or(after, |at| before.len() + at),
        None => before.iter().position(|known| *known == field).unwrap_or(after + 1),
    }
}

/// The module's only purpose, or 결제, when none was chosen.
fn purpose(form: &ChannelForm, module: &Module) -> Result<Purpose, ErrorCode> {
    let chosen = if form.purpose.is_empty() {
        let default = if module.purposes.contains(&Purpose::Payment) { Some(Purpose::Payment) } else { None };
        default.or(module.purposes.first().copied()).ok_or(ErrorCode::Required)?
    } else {
        Purpose::parse(&form.purpose).ok_or(ErrorCode::NotAChoice)?
    };
    if module.purposes.contains(&chosen) { Ok(chosen) } else { Err(ErrorCode::PurposeNotSupported) }
}

fn mid(
    form: &ChannelForm,
    mode: Mode,
    module: &Module,
    purpose: Purpose,
    directory: &impl MidDirectory,
) -> Result<Mid, ErrorCode> {
    let mid = Mid::parse(form.chosen_mid())?;
    if let Some(kind) = OwnKind::of(mid.as_str()) {
        return Err(ErrorCode::OwnIdentifier { kind });
    }
    let typed_too = !matches!(form.shared_mid.as_str(), "" | ChannelForm::OWN_MID) && !form.mid.trim().is_empty();
    if typed_too && text::clean_line(&form.mid) != mid.as_str() {
        return Err(ErrorCode::MidTwice);
    }
    if let Some(test) = module.test_mid(mid.as_str()) {
        if mode == Mode::Live {
            return Err(ErrorCode::SharedTestMidInLive);
        }
        return if test.purpose == purpose { Ok(mid) } else { Err(ErrorCode::PurposeNotSupported) };
    }
    if let Some(meant) = misspelled(&mid, module) {
        return Err(ErrorCode::MidMisspelled { meant });
    }
    match directory.elsewhere(mid.as_str(), &module.id) {
        Some(other) => Err(ErrorCode::MidOfOtherModule { provider: other.provider, module: other.module }),
        None => Ok(mid),
    }
}

/// A documented misspelling, or a shared test MID in the wrong case.
fn misspelled(mid: &Mid, module: &Module) -> Option<Mid> {
    let close =
        |t: &&TestMid| t.misspellings.iter().any(|m| m == mid.as_str()) || t.mid.eq_ignore_ascii_case(mid.as_str());
    module.test_mids.iter().find(close).and_then(|t| Mid::parse(&t.mid).ok())
}

fn shared_test<'a>(mid: &Mid, mode: Mode, module: &'a Module) -> Option<&'a TestMid> {
    (mode == Mode::Test).then(|| module.test_mid(mid.as_str())).flatten()
}

fn uses(
    form: &ChannelForm,
    module: &Module,
    purpose: Purpose,
    shared: Option<&TestMid>,
    errors: &mut FormErrors,
) -> Vec<Use> {
    let offered: Vec<Use> = module.uses_for(purpose).collect();
    let meant = shared.map(|t| t.uses.as_slice()).unwrap_or_default();
    let mut chosen: BTreeSet<Use> = meant.iter().copied().collect();
    for word in form.uses.keys() {
        match Use::parse(word) {
            Some(known) if offered.contains(&known) => {
                chosen.insert(known);
            }
            _ => errors.push("uses", ErrorCode::NotAChoice),
        }
    }
    chosen.into_iter().collect()
}

fn name(form: &ChannelForm, shared: Option<&TestMid>) -> Result<Option<ChannelName>, ErrorCode> {
    match ChannelName::parse(&form.name) {
        Ok(name) => Ok(Some(name)),
        Err(ErrorCode::Required) if shared.is_some() => Ok(None),
        Err(code) => Err(code),
    }
}

fn typed(form: &ChannelForm, field: &Field) -> String {
    cleaned_value(field, form.field(field.key.as_str()))
}

/// A field's value as it is stored when `typed` was typed.
pub fn cleaned_value(field: &Field, typed: &str) -> String {
    if field.multiline {
        // A plain form ends lines with CRLF (HTML, form submission); the same key shall be the same value.
        text::clean_secret(typed).replace("\r\n", "\n")
    } else if field.secret {
        text::clean_secret(typed).to_owned()
    } else {
        text::clean_line(typed)
    }
}

/// The inputs whose value is stored otherwise than it was typed: spaces, invisible or full-width characters went.
/// Named as in [`FormErrors`].
pub fn cleaned(form: &ChannelForm, module: &Module) -> Vec<String> {
    let mid = form.chosen_mid();
    let mid = (text::clean_line(mid) != mid).then(|| "mid".to_owned());
    let is_cleaned = |field: &&Field| typed(form, field) != form.field(field.key.as_str()).replace("\r\n", "\n");
    let fields = module.fields.iter().filter(is_cleaned).map(|field| format!("fields.{}", field.key));
    mid.into_iter().chain(fields).collect()
}

fn check_value(field: &Field, value: &str, uses: &[Use]) -> Result<(), ErrorCode> {
    let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
    if !field.allowed(uses) {
        Err(ErrorCode::UseNotChosen)
    } else if let Some(kind) = OwnKind::of(value) {
        Err(ErrorCode::OwnIdentifier { kind })
    } else if let Some(exact) = field.exact_length.filter(|exact| *exact != length) {
        Err(ErrorCode::ExactLength { length: exact })
    } else if length > field.limit() {
        Err(ErrorCode::TooLong { max: field.limit() })
    } else if value.chars().any(|c| c.is_control() && !(field.multiline && matches!(c, '\n' | '\r' | '\t'))) {
        Err(ErrorCode::Characters)
    } else {
        Ok(())
    }
}

fn refuse_unknown_fields(form: &ChannelForm, module: &Module, purpose: Purpose, errors: &mut FormErrors) {
    let known: BTreeSet<&str> = module.fields_for(purpose).map(|f| f.key.as_str()).collect();
    for (key, value) in &form.fields {
        if !value.as_str().trim().is_empty() && !known.contains(key.as_str()) {
            // The key came from outside; only a well-formed one is repeated.
            let field = key.parse::<FieldKey>().map_or_else(|_| "fields".to_owned(), |key| format!("fields.{key}"));
            errors.push(field, ErrorCode::UnknownField);
        }
    }
}

fn tax(form: &ChannelForm, purpose: Purpose) -> Result<Tax, ErrorCode> {
    let tax = match form.tax.as_str() {
        "" => Tax::None,
        word => Tax::parse(word).ok_or(ErrorCode::NotAChoice)?,
    };
    if purpose == Purpose::Identity && tax != Tax::None { Err(ErrorCode::TaxOnIdentity) } else { Ok(tax) }
}
