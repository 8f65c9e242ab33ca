//! What is being typed into a channel form, for the parts that answer to it: preview, conditional fields.

use std::collections::BTreeSet;

#[cfg(feature = "hydrate")]
use domain::channel::{
    Stored, parse,
    paste::{Place, Taken},
};
use domain::{
    catalogue::{Field, Module},
    channel::{ChannelForm, Mode, Purpose, Use, WarningCode, warnings},
    form::{ErrorCode, FormErrors},
    id::{FieldKey, ProviderId},
    text,
};
use leptos::prelude::*;

use crate::{
    api::{AppError, channels::FormStart},
    paths,
    text::{ErrorContext, Lang, cleaned_text, error_text, use_text, warning_text},
};

/// What a form is about, beside its module.
#[derive(Debug, Clone)]
pub struct Subject {
    pub provider: ProviderId,
    /// The PG's own admin site, where values are found that have no page of their own.
    pub admin_url: Option<String>,
    /// Suggested names by shared test MID; without a MID, for one's own.
    pub names: Vec<(String, String)>,
    /// The MIDs of other channels of the module and mode.
    pub used_mids: Vec<String>,
    pub context: ErrorContext,
}

/// What is known of single fields.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// What is typed into the PG's fields.
    values: Vec<(FieldKey, RwSignal<String>)>,
    /// Fields in which something was typed: only those are looked at when they are left.
    touched: BTreeSet<String>,
    /// Secrets that are kept or stored: blank is fine.
    pub held: Vec<FieldKey>,
}

/// The live values of a form and what is wrong with it. On the server they stay what they were at first.
#[derive(Clone, Copy)]
pub struct Inputs {
    pub subject: StoredValue<Subject>,
    pub module: StoredValue<Module>,
    pub mode: Mode,
    pub name: RwSignal<String>,
    pub purpose: RwSignal<Purpose>,
    /// A shared test MID, `own`, or nothing yet.
    pub shared_mid: RwSignal<String>,
    pub mid: RwSignal<String>,
    pub uses: RwSignal<Vec<Use>>,
    pub watched: StoredValue<Watched>,
    /// What is wrong, by the server or as one left a field.
    pub errors: Signal<FormErrors>,
    /// What the server said is wrong.
    pub refused: Signal<FormErrors>,
    /// What was found wrong as one left a field.
    pub noticed: RwSignal<FormErrors>,
    /// Fields that were changed since the form was refused: what was said about them is settled.
    pub settled: RwSignal<Vec<String>>,
    /// What else refused the form.
    pub error: Signal<Option<AppError>>,
    /// Whether JavaScript runs: only then may a field hide.
    pub is_live: RwSignal<bool>,
}

impl Inputs {
    /// `answer` is the last answer to the form, none before it was sent.
    pub fn new(
        subject: Subject,
        module: Module,
        mode: Mode,
        start: &FormStart,
        answer: Signal<Option<Result<(), AppError>>>,
    ) -> Self {
        let form = &start.form;
        let default_purpose = module.purposes.first().copied().unwrap_or(Purpose::Payment);
        let uses: Vec<Use> = form.uses.keys().filter_map(|word| Use::parse(word)).collect();
        let (first_errors, first_error) = (start.errors.clone(), start.error.clone());
        let is_live = RwSignal::new(false);
        Effect::new(move |_| is_live.set(true));
        let settled: RwSignal<Vec<String>> = RwSignal::new(Vec::new());
        let noticed = RwSignal::new(FormErrors::default());
        Effect::new(move |_| {
            answer.track();
            settled.set(Vec::new());
            noticed.set(FormErrors::default());
        });
        let value = |field: &Field| (field.key.clone(), RwSignal::new(form.field(field.key.as_str()).to_owned()));
        let refused = Signal::derive(move || {
            let mut errors = match answer.get() {
                Some(Err(AppError::Form(errors))) => errors,
                Some(_) => FormErrors::default(),
                None => first_errors.clone(),
            };
            settled.with(|settled| errors.0.retain(|error| !settled.contains(&error.field)));
            errors
        });
        Self {
            watched: StoredValue::new(Watched {
                values: module.fields.iter().map(value).collect(),
                touched: BTreeSet::new(),
                held: start.kept.clone(),
            }),
            refused,
            noticed,
            subject: StoredValue::new(subject),
            mode,
            name: RwSignal::new(form.name.clone()),
            purpose: RwSignal::new(Purpose::parse(&form.purpose).unwrap_or(default_purpose)),
            shared_mid: RwSignal::new(form.shared_mid.clone()),
            mid: RwSignal::new(form.mid.clone()),
            uses: RwSignal::new(uses),
            errors: Signal::derive(move || {
                let mut errors = refused.get();
                noticed.with(|noticed| errors.complete_with(noticed.clone()));
                errors
            }),
            settled,
            error: Signal::derive(move || match answer.get() {
                Some(Err(AppError::Form(_)) | Ok(())) => None,
                Some(Err(error)) => Some(error),
                None => first_error.clone(),
            }),
            module: StoredValue::new(module),
            is_live,
        }
    }

    /// Whether there are shared test MIDs to choose from.
    pub fn offers_shared_mids(self) -> bool {
        self.mode == Mode::Test && self.module.with_value(|module| module.offered_test_mids().next().is_some())
    }

    /// The MID that is meant.
    pub fn chosen_mid(self) -> String {
        match self.shared_mid.get() {
            shared if shared.is_empty() || shared == ChannelForm::OWN_MID => self.mid.get(),
            shared => shared,
        }
    }

    /// Picks a shared test MID: an empty name, or one suggested before, becomes its name.
    pub fn pick(self, mid: &str) {
        let suggested = |mid: &str| {
            self.subject.with_value(|s| s.names.iter().find(|(m, _)| m == mid).map(|(_, name)| name.clone()))
        };
        let before = suggested(&self.shared_mid.get_untracked());
        let name = self.name.get_untracked();
        if name.trim().is_empty() || before.is_some_and(|before| before == name) {
            self.name.set(suggested(mid).unwrap_or_default());
        }
        mid.clone_into(&mut self.shared_mid.write());
    }

    /// Takes note that an input was changed, by the name it is sent under.
    pub fn settle(self, name: &str) {
        let inner = inner_name(name);
        let refused = self.errors.get_untracked();
        let fields = refused.0.into_iter().map(|error| error.field);
        let settled: Vec<String> = match inner.as_str() {
            // Another MID is another question for all that depends on it.
            "shared_mid" | "mid" => fields.filter(|f| f == "mid" || f == "name" || f.starts_with("fields.")).collect(),
            other if other.starts_with("uses.") => fields.filter(|f| f == "uses" || f.starts_with("fields.")).collect(),
            other => fields.filter(|f| f == other).collect(),
        };
        self.settled.update(|all| all.extend(settled));
        // Nothing is said while one types: what was noticed is looked at again when the field is left.
        self.noticed.update(|noticed| noticed.0.retain(|error| error.field != inner && !inner.ends_with("mid")));
        self.watched.update_value(|watched| {
            watched.touched.insert(inner);
        });
    }

    /// Looks at the field that was just left, by the rules that the server will go by.
    #[cfg(feature = "hydrate")]
    pub fn leave(self, event: &leptos::ev::Event) {
        use leptos::web_sys::{Element, wasm_bindgen::JsCast as _};
        let left = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(field) = left.and_then(|left| left.get_attribute("name")).map(|name| inner_name(&name)) else {
            return;
        };
        let Some(form) = super::keeping::form_of(event).map(|form| form.form) else { return };
        if !self.watched.with_value(|watched| watched.touched.contains(&field)) {
            return;
        }
        let stored = Stored::default();
        let found =
            self.module.with_value(|module| parse(&form, self.mode, module, &stored, &())).err().unwrap_or_default();
        let is_held = self
            .watched
            .with_value(|watched| watched.held.iter().any(|key| field.strip_prefix("fields.") == Some(key.as_str())));
        let found = found.of(&field).filter(|code| !(is_held && **code == ErrorCode::Required)).cloned();
        if let Some(code) = found {
            self.noticed.update(|noticed| noticed.push(field, code));
        }
    }

    /// Takes over what was pasted, where nothing else is typed. Says what was not taken over.
    #[cfg(feature = "hydrate")]
    pub fn fill(self, taken: &[Taken]) -> Vec<Place> {
        let mut refused = Vec::new();
        for Taken { place, value } in taken {
            let filled = match place {
                Place::Mid => self.fill_mid(value),
                Place::Field(key) => self.value_of(key).is_some_and(|input| put(input, value)),
            };
            match place {
                _ if !filled => refused.push(place.clone()),
                Place::Mid => self.settle("form[mid]"),
                Place::Field(key) => self.settle(&format!("form[fields][{key}]")),
            }
        }
        refused
    }

    #[cfg(feature = "hydrate")]
    fn fill_mid(self, mid: &str) -> bool {
        if !self.offers_shared_mids() {
            return put(self.mid, mid);
        }
        let chosen = self.shared_mid.get_untracked();
        let is_free = chosen.is_empty() || chosen == ChannelForm::OWN_MID && self.mid.with_untracked(String::is_empty);
        let is_shared = self.module.with_value(|module| module.offered_test_mids().any(|test| test.mid == mid));
        if is_free && is_shared {
            self.pick(mid);
            return true;
        }
        if is_free {
            self.pick(ChannelForm::OWN_MID);
        }
        chosen == mid || self.shared_mid.with_untracked(|now| now == ChannelForm::OWN_MID) && put(self.mid, mid)
    }

    /// What is typed into a field of the PG.
    pub fn value_of(self, key: &FieldKey) -> Option<RwSignal<String>> {
        self.watched.with_value(|watched| watched.values.iter().find(|(of, _)| of == key).map(|(_, value)| *value))
    }

    /// The name for a MID of one's own, while none is typed.
    pub fn suggested_name(self) -> Option<String> {
        let is_blank = self.name.with(|name| name.trim().is_empty());
        let name =
            self.subject.with_value(|s| s.names.iter().find(|(mid, _)| mid.is_empty()).map(|(_, name)| name.clone()));
        name.filter(|_| is_blank)
    }

    pub fn toggle(self, which: Use) {
        self.uses.update(|uses| {
            if let Some(at) = uses.iter().position(|u| *u == which) {
                uses.remove(at);
            } else {
                uses.push(which);
            }
        });
    }

    /// The sentence beside a field.
    pub fn error_of(self, lang: Lang, field: impl Into<String>) -> Signal<Option<String>> {
        let field = field.into();
        Signal::derive(move || {
            let errors = self.errors.get();
            let code = errors.of(&field)?;
            let mut context = self.subject.with_value(|subject| subject.context.clone());
            context.mid = text::clean_line(&self.chosen_mid());
            context.uses = self.uses_of(lang, &field);
            if let ErrorCode::PairIncomplete { with } = code {
                context.other_field = self.label_of(with);
            }
            Some(error_text(lang, code, &context))
        })
    }

    /// What looks odd about the MID as it is typed, and how it is cleaned. A refused MID has its error instead.
    pub fn mid_notes(self, lang: Lang) -> Signal<Vec<String>> {
        Signal::derive(move || {
            let typed = self.chosen_mid();
            let mid = text::clean_line(&typed);
            if mid.is_empty() || self.errors.with(|errors| errors.of("mid").is_some()) {
                return Vec::new();
            }
            let found = self.module.with_value(|module| warnings(self.mode, module, &mid, []));
            let mut notes: Vec<String> =
                found.iter().filter(|w| w.field == "mid").map(|w| warning_text(lang, &w.code)).collect();
            if self.subject.with_value(|subject| subject.used_mids.contains(&mid)) {
                notes.push(warning_text(lang, &WarningCode::DuplicateMid));
            }
            if mid != typed {
                notes.push(cleaned_text(lang, &mid));
            }
            notes
        })
    }

    /// What looks odd about a field of the PG as it is typed, and that it will be cleaned. Secrets are not repeated.
    pub fn field_notes(self, lang: Lang, field: &Field, value: RwSignal<String>) -> Signal<Vec<String>> {
        let (name, is_secret) = (format!("fields.{}", field.key), field.secret);
        let (key, is_multiline) = (field.key.to_string(), field.multiline);
        Signal::derive(move || {
            let typed = value.get();
            let cleaned = if is_secret { text::clean_secret(&typed).to_owned() } else { text::clean_line(&typed) };
            if cleaned.is_empty() || self.errors.with(|errors| errors.of(&name).is_some()) {
                return Vec::new();
            }
            let of_field = [(key.as_str(), cleaned.as_str())];
            let found = self.module.with_value(|module| warnings(self.mode, module, "", of_field));
            let mut notes: Vec<String> =
                found.iter().filter(|w| w.field == name).map(|w| warning_text(lang, &w.code)).collect();
            if cleaned != typed && !is_multiline {
                notes.push(if is_secret { lang.words().cleaned_ends.to_owned() } else { cleaned_text(lang, &cleaned) });
            }
            notes
        })
    }

    /// The way to the same with a shared test MID, where that is what was entered in live mode.
    pub fn switch_to_test(self) -> Option<String> {
        let is_shared = self.errors.with(|errors| errors.of("mid") == Some(&ErrorCode::SharedTestMidInLive));
        is_shared.then(|| {
            let provider = self.subject.with_value(|subject| subject.provider.clone());
            let mid = text::clean_line(&self.chosen_mid());
            let module = self.module.with_value(|module| module.id.clone());
            paths::new_test_channel(provider.as_str(), module.as_str(), &mid, &self.name.get_untracked())
        })
    }

    fn label_of(self, key: &FieldKey) -> String {
        self.module.with_value(|module| module.field(key).map_or_else(|| key.to_string(), |field| field.label.clone()))
    }

    fn uses_of(self, lang: Lang, field: &str) -> String {
        let key = field.strip_prefix("fields.").unwrap_or_default();
        self.module.with_value(|module| {
            let field = module.fields.iter().find(|f| f.key.as_str() == key);
            field.map(|field| condition_text(lang, field)).unwrap_or_default()
        })
    }

    /// Whether a field belongs to what is chosen, as far as JavaScript can tell. One with an error always shows.
    pub fn hides(self, field: &Field) -> bool {
        let is_wrong = self.errors.with(|errors| errors.of(&format!("fields.{}", field.key)).is_some());
        let purposes = &field.purposes;
        let fits = purposes.is_empty() || purposes.contains(&self.purpose.get());
        // What was typed never goes out of sight.
        let is_filled = self.value_of(&field.key).is_some_and(|value| value.with(|typed| !typed.is_empty()));
        let is_asked = fits && self.uses.with(|uses| field.allowed(uses));
        self.is_live.get() && !is_wrong && !is_filled && !is_asked
    }
}

/// `fields.key` for `form[fields][key]`.
fn inner_name(name: &str) -> String {
    name.trim_start_matches("form[").trim_end_matches(']').replace("][", ".")
}

/// Fills an input that is blank; true if it has the value afterwards.
#[cfg(feature = "hydrate")]
fn put(input: RwSignal<String>, value: &str) -> bool {
    if input.with_untracked(|typed| typed.trim().is_empty()) {
        input.set(value.to_owned());
    }
    input.with_untracked(|typed| typed == value)
}

/// The uses a conditional field goes with, in words.
pub fn condition_text(lang: Lang, field: &Field) -> String {
    let Some(condition) = &field.condition else { return String::new() };
    condition.any_of.iter().map(|u| use_text(lang, *u)).collect::<Vec<_>>().join(", ")
}
