//! What of a module is applied for, and what is to be known of its contract.

use domain::catalogue::{Module, Topic};
use leptos::prelude::*;

use crate::{
    api::{
        application::{ChoicePage, ChooseModule},
        refused::refused_by,
    },
    components::{Banner, ErrorBanner, FieldMessage, Mark, ModuleChips, Required, Tone},
    pages::{auth::field_error, channels::AboutModule},
    paths,
    text::{mid_label, style_text, use_application_words, use_lang, use_words},
};
use domain::{
    application::{Choice, ChoiceForm},
    channel::Mode,
};

#[component]
pub fn ChoiceForModule(page: ChoicePage) -> impl IntoView {
    let (words, application) = (use_words(), use_application_words());
    let action = ServerAction::<ChooseModule>::new();
    let ChoicePage { module, provider, provider_name, start } = page;
    let failed = refused_by(action, start.refusal());
    let taken = field_error(failed, "module");
    let id = module.id.to_string();
    let back = paths::application_provider(provider.as_str());
    let needs = module.clone();
    // What is to be done outside of the console stands with the contract.
    let notices = module
        .notices
        .iter()
        .filter(|notice| !matches!(notice.topic, Topic::Contract | Topic::ToDo))
        .cloned()
        .collect();
    let about = Module { notices, ..module.clone() };
    view! {
        <div class="columns">
            <ActionForm action=action attr:novalidate=true attr:class="card stack">
                <div class="row">
                    <Mark provider=provider large=true />
                    <h2>{provider_name}</h2>
                </div>
                <p class="row">
                    <ModuleChips module=module.clone() />
                </p>
                <ErrorBanner error=failed />
                {move || taken.get().map(|text| view! { <Banner tone=Tone::Caution title=text /> })}
                <input type="hidden" name="module" value=id />
                <Styles module=module.clone() form=start.form.clone() error=field_error(failed, "styles") />
                <Methods module=module.clone() form=start.form error=field_error(failed, "methods") />
                <div class="form-actions">
                    <a class="button" href=back>
                        {words.cancel}
                    </a>
                    <button class="button button--primary" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                        {application.keep_choice}
                    </button>
                </div>
            </ActionForm>
            <aside class="stack">
                <ContractNeeds module=needs />
                <AboutModule module=about mode=Mode::Live />
            </aside>
        </div>
    }
}

#[component]
fn Styles(module: Module, form: ChoiceForm, error: Signal<Option<String>>) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let boxes = module
        .pay_styles
        .iter()
        .enumerate()
        .map(|(n, style)| {
            view! { <Tick name=format!("form[styles][s{n}]") value=style.clone() label=style_text(lang, style) checked=form.ticks_style(style) /> }
        })
        .collect_view();
    view! {
        <fieldset class="field" class:field--invalid=move || error.get().is_some() aria-describedby="styles-error">
            <legend class="field-label">{words.styles} <Required /></legend>
            <div class="application-boxes">{boxes}</div>
            <FieldMessage id="styles-error" error=error />
        </fieldset>
    }
}

#[component]
fn Methods(module: Module, form: ChoiceForm, error: Signal<Option<String>>) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let lists = module
        .pay_methods
        .iter()
        .enumerate()
        .map(|(n, by)| {
            let boxes = by
                .methods
                .iter()
                .enumerate()
                .map(|(m, method)| {
                    view! {
                        <Tick
                            name=format!("form[methods][m{n}_{m}]")
                            value=Choice::value(&by.style, method)
                            label=method.clone()
                            checked=form.ticks_method(&by.style, method)
                        />
                    }
                })
                .collect_view();
            view! {
                <div role="group" aria-labelledby=format!("methods-{n}") class="stack stack--tight">
                    <h3 id=format!("methods-{n}")>{style_text(lang, &by.style)}</h3>
                    <div class="application-boxes">{boxes}</div>
                </div>
            }
        })
        .collect_view();
    (!module.pay_methods.is_empty()).then(|| {
        view! {
            <fieldset class="field" class:field--invalid=move || error.get().is_some() aria-describedby="methods-error">
                <legend class="field-label">{words.methods} <Required /></legend>
                <div class="stack">{lists}</div>
                <FieldMessage id="methods-error" error=error />
            </fieldset>
        }
    })
}

/// One box. Its label is the PG's own word.
#[component]
fn Tick(name: String, value: String, label: String, checked: bool) -> impl IntoView {
    view! {
        <label class="checkbox">
            <input type="checkbox" name=name value=value checked=checked />
            <span>{label}</span>
        </label>
    }
}

/// What the contract needs, as far as it is known, and what follows: things to do, and values that come out of it.
#[component]
pub fn ContractNeeds(module: Module) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let of_mid = module.mid.help.as_ref().map(|help| lang.pick(help)).unwrap_or_default();
    let fields = module
        .fields
        .iter()
        .map(|field| {
            let help = field.help.as_ref().map(|help| lang.pick(help)).unwrap_or_default();
            view! {
                <dt>{field.label.clone()}</dt>
                <dd>{help}</dd>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="contract-needs">
            <h2 id="contract-needs">{words.needs_title}</h2>
            <p>{words.needs_text}</p>
            <Told module=module.clone() topic=Topic::Contract />
        </section>
        <section class="card stack" aria-labelledby="contract-follows">
            <h2 id="contract-follows">{words.follows_title}</h2>
            <p>{words.follows_text}</p>
            <dl class="kv">
                <dt>{mid_label(lang, &module)}</dt>
                <dd>{of_mid}</dd>
                {fields}
            </dl>
            <Told module=module topic=Topic::ToDo />
        </section>
    }
}

/// What the catalogue says of a live contract.
#[component]
fn Told(module: Module, topic: Topic) -> impl IntoView {
    let lang = use_lang();
    let notices = module
        .notices_for(Mode::Live, topic)
        .map(|notice| view! { <li>{lang.pick(&notice.text)}</li> })
        .collect::<Vec<_>>();
    (!notices.is_empty()).then(|| view! { <ul class="notice-list">{notices}</ul> })
}
