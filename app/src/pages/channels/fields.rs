//! The second step: 채널 이름 → 채널 속성 → PG상점아이디 → uses → the module's fields → 과세설정.

use domain::{
    catalogue::Module,
    channel::{
        Purpose, Tax, Use,
        view::{FieldState, FieldView},
    },
};
use leptos::{either::Either, prelude::*};

use super::{
    inputs::Inputs,
    keeping::Keeping,
    mid::{MID_CHOICE, MidPicker},
    paste::PasteBox,
    pg_field::PgField,
};
use crate::{
    api::channels::FormStart,
    components::{Banner, FieldMessage, ModuleChips, Required, TextField, Tone},
    text::{mid_label, purpose_text, tax_text, use_guided_words, use_lang, use_text, use_words},
};

/// All inputs of the form, in the seeds' order. `stored` are the fields of the channel that is edited, if one is.
#[component]
pub fn ChannelFields(inputs: Inputs, start: FormStart, stored: Option<Vec<FieldView>>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let module = inputs.module.get_value();
    let has_shared = inputs.offers_shared_mids();
    let is_edit = stored.is_some();
    let stored = stored.unwrap_or_default();
    let is_set = |view: &&FieldView| matches!(view.state, FieldState::Set { .. });
    inputs
        .watched
        .update_value(|watched| watched.held.extend(stored.iter().filter(is_set).map(|view| view.key.clone())));
    let field_views = module
        .fields
        .iter()
        .map(|field| {
            let state = stored.iter().find(|view| view.key == field.key).map(|view| view.state.clone());
            view! {
                <PgField
                    inputs=inputs
                    field=field.clone()
                    is_kept=start.kept.contains(&field.key)
                    state=state
                />
            }
        })
        .collect_view();
    let offered: Vec<Use> = module.uses.clone();
    let shares_fields = has_shared && !module.fields.is_empty();
    // A shared test MID hides the fields, unless one of them is what is wrong.
    let own_fields = move || {
        let is_wrong = inputs.errors.with(|errors| errors.0.iter().any(|e| e.field.starts_with("fields.")));
        if has_shared && !is_wrong { "pg-fields pg-fields--own stack" } else { "pg-fields stack" }
    };
    let keeping = use_context::<Keeping>();
    let settle = move |event: leptos::ev::Event| {
        // What has no name is not of the form: the box for pasting.
        let Some(name) = event_target::<leptos::web_sys::Element>(&event).get_attribute("name") else { return };
        if let Some(keeping) = keeping {
            keeping.note(&event);
        }
        inputs.settle(&name);
    };
    let leave = move |event: leptos::ev::FocusEvent| {
        #[cfg(feature = "hydrate")]
        inputs.leave(&event);
        #[cfg(not(feature = "hydrate"))]
        let _ = event;
    };
    view! {
        <div class="stack" on:input=settle on:focusout=leave>
        <ErrorSummary inputs=inputs />
        <PasteBox inputs=inputs />
        {start.is_draft.then(|| view! { <input type="hidden" name="about[draft]" value="1" /> })}
        <TextField
            id="name"
            name="form[name]"
            label=words.channel_name
            required=true
            value=inputs.name
            error=inputs.error_of(lang, "name")
        >
            <p class="field-help">{words.channel_name_help}</p>
            <SuggestedName inputs=inputs />
            {has_shared.then(|| view! { <p class="field-help">{words.channel_name_auto}</p> })}
        </TextField>
        <PurposeField inputs=inputs />
        <div class="field">
            <span class="field-label">{words.module}</span>
            <p class="row">
                <ModuleChips module=module.clone() />
            </p>
            <p class="field-help">
                {words.pg_provider} " " <code>{module.pg_provider.clone()}</code>
                {module.pg_code.clone().map(|code| view! { " · " {words.pg_code_v1} " " <code>{code}</code> })}
            </p>
        </div>
        <MidPicker inputs=inputs is_edit=is_edit />
        {shares_fields
            .then(|| {
                view! {
                    <div class="pg-fields--shared">
                        <Banner tone=Tone::Info title=words.shared_keys_title>
                            <p>{words.shared_keys_text}</p>
                        </Banner>
                    </div>
                }
            })}
        <div class=own_fields>
            {(!offered.is_empty()).then(|| view! { <UsesField inputs=inputs offered=offered /> })}
            {field_views}
        </div>
        <TaxField inputs=inputs chosen=start.form.tax.clone() />
        </div>
    }
}

/// A name to take over with one click, as long as none is typed; to be typed, where JavaScript does not run.
#[component]
fn SuggestedName(inputs: Inputs) -> impl IntoView {
    let words = use_guided_words();
    let keeping = use_context::<Keeping>();
    let take = move |event: leptos::ev::MouseEvent, name: &str| {
        inputs.name.set(name.to_owned());
        inputs.settle("form[name]");
        if let Some(keeping) = keeping {
            keeping.note(&event);
        }
    };
    move || {
        inputs.suggested_name().map(|name| {
            let taken = name.clone();
            let label = format!("{} {name}", words.use_name);
            let way = if inputs.is_live.get() {
                Either::Left(view! {
                    <button class="button button--small" type="button" aria-label=label on:click=move |event| take(event, &taken)>
                        {name}
                    </button>
                })
            } else {
                Either::Right(view! { <strong lang="ko">{name}</strong> })
            };
            view! {
                <p class="field-help">
                    {words.suggested} " " {way}
                </p>
            }
        })
    }
}

/// How many places want a look, with the way to each.
#[component]
fn ErrorSummary(inputs: Inputs) -> impl IntoView {
    let words = use_words();
    let links = move || {
        let errors = inputs.refused.get();
        let module = inputs.module.get_value();
        let has_shared = inputs.offers_shared_mids();
        let one = |field: &str| {
            let (anchor, label) = anchor(field, &module, has_shared, words);
            view! {
                <li>
                    <a href=format!("#{anchor}") rel="external">
                        {label}
                    </a>
                </li>
            }
        };
        (!errors.is_empty()).then(|| {
            let items = errors.0.iter().map(|error| one(&error.field)).collect_view();
            view! {
                <Banner tone=Tone::Error title=words.check_input>
                    <ul class="notice-list">{items}</ul>
                </Banner>
            }
        })
    };
    view! {
        {links}
        <crate::components::ErrorBanner error=inputs.error />
    }
}

/// The element and the label of a form's field.
fn anchor(field: &str, module: &Module, has_shared: bool, words: &'static crate::text::Words) -> (String, String) {
    if let Some(key) = field.strip_prefix("fields.") {
        let label = module.fields.iter().find(|f| f.key.as_str() == key).map_or(key, |f| f.label.as_str());
        return (format!("field-{key}"), label.to_owned());
    }
    let mid = mid_label(use_lang(), module);
    let label = match field {
        "name" => words.channel_name,
        "purpose" => words.purpose,
        "mid" => mid.as_str(),
        "tax" => words.tax,
        "uses" => words.uses,
        _ => words.module,
    };
    let anchor = if field == "mid" && has_shared { MID_CHOICE } else { field };
    (anchor.to_owned(), label.to_owned())
}

#[component]
fn PurposeField(inputs: Inputs) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let offered = inputs.module.with_value(|module| module.purposes.clone());
    let chosen = inputs.purpose.get_untracked();
    let options = offered
        .into_iter()
        .map(|purpose| {
            view! {
                <option value=purpose.as_str() selected=purpose == chosen>
                    {purpose_text(lang, purpose)}
                </option>
            }
        })
        .collect_view();
    let choose = move |word: String| {
        if let Some(purpose) = Purpose::parse(&word) {
            inputs.purpose.set(purpose);
        }
    };
    let error = inputs.error_of(lang, "purpose");
    view! {
        <div class="field" class:field--invalid=move || error.get().is_some()>
            <label class="field-label" for="purpose">
                {words.purpose}
                <Required />
            </label>
            <select
                class="select"
                id="purpose"
                name="form[purpose]"
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby="purpose-error"
                on:change:target=move |ev| choose(ev.target().value())
            >
                {options}
            </select>
            <FieldMessage id="purpose-error" error=error />
        </div>
    }
}

#[component]
fn UsesField(inputs: Inputs, offered: Vec<Use>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let chosen = inputs.uses.get_untracked();
    let boxes = offered
        .into_iter()
        .map(|which| {
            view! {
                <label class="checkbox">
                    <input
                        type="checkbox"
                        name=format!("form[uses][{which}]")
                        value="on"
                        checked=chosen.contains(&which)
                        on:change=move |_| inputs.toggle(which)
                    />
                    <span>{use_text(lang, which)}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" id="uses" tabindex="-1" aria-describedby="uses-error">
            <legend class="field-label">{words.uses}</legend>
            <div class="stack stack--tight">{boxes}</div>
            <FieldMessage id="uses-error" error=inputs.error_of(lang, "uses") />
            <p class="field-help">{words.uses_help}</p>
        </fieldset>
    }
}

#[component]
fn TaxField(inputs: Inputs, chosen: String) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let chosen = Tax::parse(&chosen).unwrap_or(Tax::None);
    // 본인인증 has 미설정 only; without JavaScript the server says so.
    let offers = move |tax: Tax| tax == Tax::None || inputs.purpose.get() == Purpose::Payment || !inputs.is_live.get();
    let radios = Tax::ALL
        .iter()
        .map(|tax| {
            let tax = *tax;
            view! {
                <label>
                    <input
                        type="radio"
                        name="form[tax]"
                        value=tax.as_str()
                        checked=tax == chosen
                        disabled=move || !offers(tax)
                    />
                    {tax_text(lang, tax)}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" id="tax" tabindex="-1" aria-describedby="tax-error">
            <legend class="field-label">{words.tax} " " <span class="field-optional">{words.tax_note}</span></legend>
            <div class="segmented">{radios}</div>
            <FieldMessage id="tax-error" error=inputs.error_of(lang, "tax") />
            <p class="field-help">{words.tax_help}</p>
        </fieldset>
    }
}
