//! The second step: 채널 이름 → 채널 속성 → PG상점아이디 → uses → the module's fields → 과세설정.

use domain::{
    catalogue::{Field, Module, Required as Need},
    channel::{
        ChannelForm, Mode, Purpose, Tax, Use,
        view::{FieldState, FieldView},
    },
    id::FieldKey,
};
use leptos::{either::Either, prelude::*};

use super::{
    choose::Required,
    inputs::{Inputs, condition_text},
};
use crate::{
    api::channels::FormStart,
    components::{Banner, FieldMessage, Icon, ModuleChips, TextField, Tone},
    text::{purpose_text, tax_text, use_lang, use_text, use_words},
};

/// All inputs of the form, in the seeds' order. `stored` are the fields of the channel that is edited.
#[component]
pub fn ChannelFields(inputs: Inputs, start: FormStart, #[prop(optional)] stored: Vec<FieldView>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let module = inputs.module.get_value();
    let has_shared = inputs.mode == Mode::Test && !module.test_mids.is_empty();
    let is_edit = !stored.is_empty() || !start.form.name.is_empty() && !start.is_draft;
    let field_views = module
        .fields
        .iter()
        .map(|field| {
            let state = stored.iter().find(|view| view.key == field.key).map(|view| view.state.clone());
            view! {
                <PgField
                    inputs=inputs
                    field=field.clone()
                    value=start.form.field(field.key.as_str()).to_owned()
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
    let settle = move |event: leptos::ev::Event| {
        let name = event_target::<leptos::web_sys::Element>(&event).get_attribute("name");
        inputs.settle(&name.unwrap_or_default());
    };
    view! {
        <div class="stack" on:input=settle>
        <ErrorSummary inputs=inputs />
        {start.is_draft.then(|| view! { <input type="hidden" name="form[draft]" value="1" /> })}
        <TextField
            id="name"
            name="form[name]"
            label=words.channel_name
            required=true
            value=inputs.name
            error=inputs.error_of(lang, "name")
        >
            <p class="field-help">{words.channel_name_help}</p>
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

/// How many places want a look, with the way to each.
#[component]
fn ErrorSummary(inputs: Inputs) -> impl IntoView {
    let words = use_words();
    let links = move || {
        let errors = inputs.errors.get();
        let module = inputs.module.get_value();
        let one = |field: &str| {
            let (anchor, label) = anchor(field, &module, words);
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
fn anchor(field: &str, module: &Module, words: &'static crate::text::Words) -> (String, String) {
    if let Some(key) = field.strip_prefix("fields.") {
        let label = module.fields.iter().find(|f| f.key.as_str() == key).map_or(key, |f| f.label.as_str());
        return (format!("field-{key}"), label.to_owned());
    }
    let label = match field {
        "name" => words.channel_name,
        "purpose" => words.purpose,
        "mid" => module.mid.label.as_str(),
        "tax" => words.tax,
        "uses" => words.uses,
        _ => words.module,
    };
    (field.to_owned(), label.to_owned())
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
    view! {
        <div class="field">
            <label class="field-label" for="purpose">
                {words.purpose}
                <Required />
            </label>
            <select class="select" id="purpose" name="form[purpose]" on:change:target=move |ev| choose(ev.target().value())>
                {options}
            </select>
            <FieldMessage id="purpose-error" error=inputs.error_of(lang, "purpose") />
        </div>
    }
}

/// PG상점아이디: the shared test MIDs with what each is for, or one's own.
#[component]
fn MidPicker(inputs: Inputs, is_edit: bool) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let module = inputs.module.get_value();
    let error = inputs.error_of(lang, "mid");
    let help = module.mid.help.as_ref().map(|help| lang.pick(help));
    let prefix_help =
        module.mid.live_prefix_help.as_ref().filter(|_| inputs.mode == Mode::Live).map(|text| lang.pick(text));
    let help_url = module.mid.help_url.clone();
    let notes = move || {
        view! {
            {help.clone().map(|text| view! { <p class="field-help">{text} " " <Where url=help_url.clone() /></p> })}
            {prefix_help.clone().map(|text| view! { <p class="field-help">{text}</p> })}
            {is_edit.then(|| view! { <p class="field-help">{words.mid_change_note}</p> })}
        }
    };
    let label = module.mid.label.clone();
    if inputs.mode == Mode::Live || module.test_mids.is_empty() {
        return Either::Left(view! {
            <TextField id="mid" name="form[mid]" label=label required=true mono=true value=inputs.mid error=error>
                {notes()}
            </TextField>
        });
    }
    let choices = module
        .test_mids
        .iter()
        .map(|test| {
            let mid = test.mid.clone();
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="form[shared_mid]"
                        value=test.mid.clone()
                        checked=inputs.shared_mid.get_untracked() == test.mid
                        on:change=move |_| inputs.pick(&mid)
                    />
                    <span class="choice-body">
                        <code>{test.mid.clone()}</code>
                        <span class="chip chip--test">{words.shared_test_mid}</span>
                        <span class="choice-note">{lang.pick(&test.purpose_label)}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    Either::Right(view! {
        <fieldset class="field mid-picker" class:field--invalid=move || error.get().is_some()>
            <legend class="field-label">{label.clone()} <Required /></legend>
            <div class="choices">
                {choices}
                <label class="choice">
                    <input
                        type="radio"
                        name="form[shared_mid]"
                        value=ChannelForm::OWN_MID
                        checked=inputs.shared_mid.get_untracked() == ChannelForm::OWN_MID
                        on:change=move |_| inputs.pick(ChannelForm::OWN_MID)
                    />
                    <span class="choice-body">
                        {words.own_mid} <span class="choice-note">{words.own_mid_note}</span>
                    </span>
                </label>
            </div>
            <div class="own-mid field">
                <label class="field-label" for="mid">
                    {label}
                </label>
                <input
                    class="input input--mono"
                    id="mid"
                    name="form[mid]"
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby="mid-error"
                    value=inputs.mid.get_untracked()
                    prop:value=inputs.mid
                    on:input:target=move |event| inputs.mid.set(event.target().value())
                />
                {notes()}
            </div>
            <FieldMessage id="mid-error" error=error />
        </fieldset>
    })
}

/// A link to where a value is found.
#[component]
fn Where(url: Option<String>) -> impl IntoView {
    let words = use_words();
    url.map(|url| {
        view! {
            <a href=url target="_blank" rel="noopener noreferrer">
                {words.where_to_find}
                <Icon name="external" small=true />
            </a>
        }
    })
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
        <fieldset class="field" id="uses">
            <legend class="field-label">{words.uses}</legend>
            <div class="stack stack--tight">{boxes}</div>
            <FieldMessage id="uses-error" error=inputs.error_of(lang, "uses") />
            <p class="field-help">{words.uses_help}</p>
        </fieldset>
    }
}

/// One input of the PG. A stored or kept secret is never shown: blank keeps it.
#[component]
fn PgField(inputs: Inputs, field: Field, value: String, is_kept: bool, state: Option<FieldState>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let key: FieldKey = field.key.clone();
    let is_stored = matches!(state, Some(FieldState::Set { .. }));
    // The star says "type something here": not where a value is held already, nor where it depends on a use.
    let is_held = is_kept || is_stored;
    let required = matches!(field.required, Need::Always | Need::Live) && !is_held;
    let note = if field.required == Need::Optional { words.optional } else { "" };
    let condition = condition_text(lang, &field);
    let help = field.help.as_ref().map(|help| lang.pick(help));
    let caution = field.caution.as_ref().map(|text| lang.pick(text));
    let (error, help_url) = (inputs.error_of(lang, format!("fields.{key}")), field.help_url.clone());
    let (label, kind) = (field.label.clone(), if field.secret { "password" } else { "text" });
    let may_clear = is_stored && field.required == Need::Optional;
    let hidden = move || inputs.hides(&field).then_some("true");
    view! {
        <div data-hidden=hidden class="field">
            <TextField
                id=format!("field-{key}")
                name=format!("form[fields][{key}]")
                label=label
                kind=kind
                autocomplete=if kind == "password" { "new-password" } else { "off" }
                mono=true
                required=required
                note=note
                value=RwSignal::new(value)
                error=error
            >
                {is_kept.then(|| view! { <KeptNote chip=words.kept_secret text=words.kept_secret_help /> })}
                {(is_stored && !is_kept).then(|| view! { <KeptNote chip=words.stored_secret text=words.stored_secret_help /> })}
                {(!condition.is_empty())
                    .then(|| view! { <p class="field-help">{words.only_with} " " <strong>{condition}</strong></p> })}
                {help.map(|text| view! { <p class="field-help">{text} " " <Where url=help_url /></p> })}
                {caution
                    .map(|text| {
                        view! {
                            <p class="field-warning">
                                <Icon name="info" />
                                <span>{text}</span>
                            </p>
                        }
                    })}
            </TextField>
            {may_clear
                .then(|| {
                    view! {
                        <label class="checkbox">
                            <input type="checkbox" name=format!("form[clear][{key}]") value="on" />
                            <span>{words.clear}</span>
                        </label>
                    }
                })}
        </div>
    }
}

#[component]
fn KeptNote(chip: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <p class="field-help">
            <span class="chip chip--secret-set">{chip}</span>
            " "
            {text}
        </p>
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
        <fieldset class="field" id="tax">
            <legend class="field-label">{words.tax} " " <span class="field-optional">{words.tax_note}</span></legend>
            <div class="segmented">{radios}</div>
            <FieldMessage id="tax-error" error=inputs.error_of(lang, "tax") />
            <p class="field-help">{words.tax_help}</p>
        </fieldset>
    }
}
