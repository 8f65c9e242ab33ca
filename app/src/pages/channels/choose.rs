//! The first step of 채널 추가: 연동 모드 → 결제대행사 → 결제 모듈 → 다음. A plain GET form, so the choice is the URL.

use domain::{
    catalogue::Module,
    channel::Mode,
    form::{ErrorCode, FormErrors},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Form, hooks::use_navigate};

use crate::{
    api::channels::{NewChannelPage, ProviderChoice},
    components::{FieldMessage, Icon, Mark, ModuleChips},
    paths,
    text::{ErrorContext, error_text, mode_text, use_lang, use_words},
};

#[component]
pub fn Choose(page: NewChannelPage, mode: Mode, provider: String, module: String) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let error_of = {
        let errors: FormErrors = page.choice_errors.clone();
        move |field: &str| errors.of(field).map(|code: &ErrorCode| error_text(lang, code, &ErrorContext::default()))
    };
    let (mode_error, module_error) = (error_of("mode"), error_of("module"));
    let selected = RwSignal::new(module);
    let has_provider = !provider.is_empty();
    let modules = StoredValue::new(page.modules.clone());
    let about = move || modules.with_value(|all| all.iter().find(|m| m.id.as_str() == selected.get()).cloned());
    // With JavaScript a changed mode or provider shows its modules at once; without, [다음] does.
    let navigate = use_navigate();
    let follow = move |mode: &str, provider: &str| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&paths::new_channel(mode, provider, "").replace("&module=", ""), options);
    };
    let follow_mode = {
        let (follow, provider) = (follow.clone(), provider.clone());
        move |mode: Mode| follow(mode.as_str(), &provider)
    };
    let mode_radio = move |this: Mode| {
        let follow = follow_mode.clone();
        view! {
            <label>
                <input type="radio" name="mode" value=this.as_str() checked=this == mode on:change=move |_| follow(this) />
                {mode_text(lang, this)}
            </label>
        }
    };
    view! {
        <Form method="GET" action=paths::NEW_CHANNEL attr:class="columns">
            <div class="card stack">
                <fieldset class="field">
                    <legend class="field-label">{words.mode} <Required /></legend>
                    <div class="segmented">{mode_radio.clone()(Mode::Live)} {mode_radio(Mode::Test)}</div>
                    <FieldMessage id="mode-error" error=Signal::stored(mode_error) />
                    <p class="field-help">{words.mode_help}</p>
                </fieldset>
                <Providers providers=page.providers provider=provider follow=move |id: String| follow(mode.as_str(), &id) />
                <fieldset class="field">
                    <legend class="field-label">{words.module} <Required /></legend>
                    {if page.modules.is_empty() {
                        let text = if has_provider { words.module_none } else { words.module_choose };
                        view! { <p class="field-help">{text}</p> }.into_any()
                    } else {
                        view! { <Modules modules=page.modules selected=selected /> }.into_any()
                    }}
                    <FieldMessage id="module-error" error=Signal::stored(module_error) />
                </fieldset>
                <div class="form-actions">
                    <a class="button" href=format!("{}?mode={mode}", paths::CHANNELS)>
                        {words.cancel}
                    </a>
                    <button class="button button--primary" type="submit">
                        {words.next}
                        <Icon name="chevron-right" small=true />
                    </button>
                </div>
            </div>
            <aside class="stack">{move || about().map(|module| view! { <AboutModule module=module mode=mode /> })}</aside>
        </Form>
    }
}

#[component]
pub fn Required() -> impl IntoView {
    view! {
        <span class="field-required" aria-hidden="true">
            "*"
        </span>
    }
}

#[component]
fn Providers(
    providers: Vec<ProviderChoice>,
    provider: String,
    follow: impl Fn(String) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let words = use_words();
    let choices = providers
        .into_iter()
        .map(|choice| {
            let (follow, id) = (follow.clone(), choice.id.to_string());
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="provider"
                        value=choice.id.to_string()
                        checked=choice.id.as_str() == provider
                        on:change=move |_| follow(id.clone())
                    />
                    <span class="choice-body">
                        <Mark provider=choice.id />
                        {choice.name}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend class="field-label">{words.provider} <Required /></legend>
            <div class="choices choices--grid">{choices}</div>
        </fieldset>
    }
}

#[component]
fn Modules(modules: Vec<Module>, selected: RwSignal<String>) -> impl IntoView {
    let choices = modules
        .into_iter()
        .map(|module| {
            let id = module.id.to_string();
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="module"
                        value=id.clone()
                        checked=selected.get_untracked() == id
                        on:change=move |_| selected.set(id.clone())
                    />
                    <span class="choice-body">
                        <ModuleChips module=module />
                    </span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="choices">{choices}</div> }
}

/// What one should know of a module: codes, pay methods, notices of this mode.
#[component]
pub fn AboutModule(module: Module, mode: Mode) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let methods = module
        .pay_methods
        .iter()
        .map(|by_style| view! { <dt>{by_style.style.clone()}</dt> <dd>{by_style.methods.join(" · ")}</dd> })
        .collect_view();
    let notices = module.notices_for(mode).map(|notice| view! { <li>{lang.pick(&notice.text)}</li> }).collect_view();
    let has_notices = module.notices_for(mode).next().is_some();
    view! {
        <section class="card card--sunk stack">
            <h2>{words.module_about}</h2>
            <dl class="kv">
                <dt>{words.pg_provider}</dt>
                <dd>
                    <code>{module.pg_provider.clone()}</code>
                </dd>
                {module
                    .pg_code
                    .clone()
                    .map(|code| {
                        view! {
                            <dt>{words.pg_code_v1}</dt>
                            <dd>
                                <code>{code}</code>
                            </dd>
                        }
                    })}
                {methods}
            </dl>
            {has_notices
                .then(|| {
                    view! {
                        <h3>{words.notices}</h3>
                        <ul class="notice-list">{notices}</ul>
                    }
                })}
            {module
                .vbank_notice_url
                .clone()
                .map(|url| {
                    view! {
                        <h3>{words.vbank_title}</h3>
                        <p>{words.vbank_text}</p>
                        <p>
                            <code>{url}</code>
                        </p>
                    }
                })}
        </section>
    }
}
