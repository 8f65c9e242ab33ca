//! The first step of 채널 추가: 연동 모드 → 결제대행사 → 결제 모듈 → 다음. A plain GET form, so the choice is the URL.

use domain::{
    catalogue::{Module, ModuleStatus, Version},
    channel::Mode,
    form::FormErrors,
};
use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};
use leptos_router::{NavigateOptions, components::Form, hooks::use_navigate};

use super::{about::AboutModule, glossary::Glossary, providers::Providers};
use crate::{
    api::{
        AppError,
        channels::{ProviderChoice, list_modules},
    },
    components::{FieldMessage, Icon, ModuleChips, Required},
    pages::console::{PageError, use_store},
    paths,
    text::{ErrorContext, error_text, mode_text, module_status_text, use_lang, use_words},
};

/// What the URL asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// As it was written: a wrong word is told, not corrected.
    pub mode_word: String,
    pub provider: String,
    pub module: String,
    /// The channel whose values the form begins with.
    pub from: String,
}

impl Asked {
    pub fn mode(&self) -> Mode {
        Mode::parse(&self.mode_word).unwrap_or(Mode::Test)
    }
}

pub type ProviderList = Resource<Result<Vec<ProviderChoice>, AppError>>;

/// Stays while mode and provider change; only the modules are asked for anew, so that the focus stays where it is.
#[component]
pub fn Choose(providers: ProviderList, asked: Memo<Asked>, errors: FormErrors) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let first = asked.get_untracked();
    let (first_mode, first_provider) = (first.mode(), first.provider.clone());
    let selected = RwSignal::new(first.module);
    let of_url = Memo::new(move |_| asked.with(|asked| (asked.mode_word.clone(), asked.provider.clone())));
    let mode = Memo::new(move |_| asked.with(Asked::mode));
    let modules = Resource::new(move || of_url.get(), |(mode, provider)| list_modules(mode, provider));
    // With JavaScript a changed mode or provider shows its modules at once; without, [다음] does.
    let (navigate, store) = (use_navigate(), use_store());
    let follow = move |mode: Mode, provider: &str| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        let there = paths::new_channel_modules(mode.as_str(), provider);
        navigate(&paths::in_store(&there, store.get_untracked()), options);
    };
    let mode_radio = {
        let follow = follow.clone();
        move |this: Mode| {
            let follow = follow.clone();
            view! {
                <label>
                    <input
                        type="radio"
                        name="mode"
                        value=this.as_str()
                        checked=this == first_mode
                        on:change=move |_| follow(this, &of_url.get_untracked().1)
                    />
                    {mode_text(lang, this)}
                </label>
            }
        }
    };
    let choose_provider = move || {
        let (follow, chosen) = (follow.clone(), first_provider.clone());
        Suspend::new(async move {
            let follow = move |id: String| follow(mode.get_untracked(), &id);
            match providers.await {
                Ok(providers) => Either::Left(view! { <Providers providers=providers chosen=chosen follow=follow /> }),
                Err(error) => Either::Right(view! { <PageError error=error /> }),
            }
        })
    };
    let choose_module = move || {
        Suspend::new(async move {
            match modules.await {
                Ok(modules) if !modules.is_empty() => {
                    EitherOf3::A(view! { <Modules modules=modules selected=selected /> })
                }
                Ok(_) => {
                    let is_chosen = !of_url.with_untracked(|(_, provider)| provider.is_empty());
                    let text = if is_chosen { words.module_none } else { words.module_choose };
                    EitherOf3::B(view! { <p class="field-help">{text}</p> })
                }
                Err(error) => EitherOf3::C(view! { <PageError error=error /> }),
            }
        })
    };
    let about = move || {
        Suspend::new(async move {
            let modules = modules.await.unwrap_or_default();
            move || {
                let module = modules.iter().find(|module| module.id.as_str() == selected.get()).cloned();
                module.map(|module| view! { <AboutModule module=module mode=mode.get() /> })
            }
        })
    };
    let error_of = move |field: &str| {
        Signal::stored(errors.of(field).map(|code| error_text(lang, code, &ErrorContext::default())))
    };
    view! {
        <Form method="GET" action=paths::NEW_CHANNEL attr:class="columns chooser">
            {move || store.get().map(|store| view! { <input type="hidden" name="store" value=store.to_string() /> })}
            <div class="card stack">
                <fieldset class="field" aria-describedby="mode-error">
                    <legend class="field-label">{words.mode} <Required /></legend>
                    <div class="segmented">{mode_radio.clone()(Mode::Live)} {mode_radio(Mode::Test)}</div>
                    <FieldMessage id="mode-error" error=error_of("mode") />
                    <p class="field-help">{words.mode_help}</p>
                </fieldset>
                <Transition>{choose_provider}</Transition>
                <fieldset class="field" aria-describedby="module-error">
                    <legend class="field-label">{words.module} <Required /></legend>
                    <Transition>{choose_module}</Transition>
                    <FieldMessage id="module-error" error=error_of("module") />
                </fieldset>
                <div class="form-actions">
                    <a class="button" href=move || paths::in_store(&format!("{}?mode={}", paths::CHANNELS, mode.get()), store.get())>
                        {words.cancel}
                    </a>
                    <button class="button button--primary" type="submit">
                        {words.next}
                        <Icon name="chevron-right" small=true />
                    </button>
                </div>
            </div>
            <aside class="stack">
                <Transition>{about}</Transition>
                <Glossary />
            </aside>
        </Form>
    }
}

#[component]
fn Modules(modules: Vec<Module>, selected: RwSignal<String>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let label_of = |id: &str| modules.iter().find(|m| m.id.as_str() == id).map(|m| m.label.clone());
    let choices = modules
        .iter()
        .map(|module| {
            let id = module.id.to_string();
            let newer = module.superseded_by.as_ref().and_then(|newer| label_of(newer.as_str()));
            let status = (module.status != ModuleStatus::Active).then(|| module_status_text(lang, module.status));
            let works_with = |version: Version| module.versions.contains(&version).to_string();
            view! {
                <label class="choice" data-v1=works_with(Version::V1) data-v2=works_with(Version::V2)>
                    <input
                        type="radio"
                        name="module"
                        value=id.clone()
                        checked=selected.get_untracked() == id
                        on:change=move |_| selected.set(id.clone())
                    />
                    <span class="choice-body">
                        <ModuleChips module=module.clone() />
                        {status.map(|text| view! { <span class="choice-note">{text}</span> })}
                        {newer
                            .map(|label| view! { <span class="choice-note">{words.newer_module} " " {label}</span> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="choices">{choices}</div> }
}
