//! 채널 추가, both steps. The URL says how far one is.

use domain::{
    catalogue::Module,
    channel::{ChannelForm, Mode, Status},
    form::FormErrors,
    id::StoreId,
    store::StoreView,
};
use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};
use leptos_router::hooks::use_query_map;

use super::{
    about::AboutModule,
    begun::{Begun, Restored},
    choose::{Asked, Choose, ProviderList},
    fields::ChannelFields,
    inputs::{Inputs, Subject},
    keeping::{Keeping, KeptLine, SignedOut},
    row::RowContent,
};
use crate::{
    api::channels::{
        AddChannel, ChosenModule, FormStart, NewAbout, ProviderChoice, SecondStep, list_providers, load_new_channel,
    },
    api::{channel_drafts::DropNewChannel, viewer::Viewer},
    components::{Banner, Icon, SelectField, Tone},
    pages::console::{PageError, PageHead, use_store},
    paths,
    routes::Account,
    text::{ErrorContext, Words, error_text, use_channel_words, use_lang, use_words},
};

#[component]
pub fn NewChannelPage() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let part = |name: &str| query.with(|query| query.get(name).unwrap_or_default());
        let mode_word = Some(part("mode")).filter(|mode| !mode.is_empty()).unwrap_or_else(|| Mode::Test.to_string());
        Asked { mode_word, provider: part("provider"), module: part("module"), from: part("from") }
    });
    // Nothing while the first step goes on, so that it stays as it is while its choices change.
    let second = Memo::new(move |_| asked.with(|asked| (!asked.module.is_empty()).then(|| asked.clone())));
    let providers = Resource::new(|| (), |()| list_providers());
    view! {
        <PageHead title=words.add_channel lead=words.choose_lead />
        {move || match second.get() {
            Some(chosen) => Either::Left(view! { <Second chosen=chosen providers=providers asked=asked /> }),
            None => Either::Right(view! { <First providers=providers asked=asked errors=FormErrors::default() /> }),
        }}
    }
}

#[component]
fn First(providers: ProviderList, asked: Memo<Asked>, errors: FormErrors) -> impl IntoView {
    view! {
        <Steps second=false />
        <Begun back=Signal::derive(move || Some(asked.with(|asked| paths::new_channel_modules(asked.mode().as_str(), &asked.provider)))) />
        <Choose providers=providers asked=asked errors=errors />
    }
}

/// The form of the module in the URL; the first step again if there is no such module.
#[component]
fn Second(chosen: Asked, providers: ProviderList, asked: Memo<Asked>) -> impl IntoView {
    let mode = chosen.mode();
    let dropped = ServerAction::<DropNewChannel>::new();
    let step = Resource::new(
        move || (chosen.clone(), dropped.version().get()),
        |(chosen, _)| load_new_channel(chosen.mode_word, chosen.provider, chosen.module, chosen.from),
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match (step.await, providers.await) {
                    (Ok(SecondStep::Form(chosen)), Ok(providers)) => {
                        EitherOf3::A(view! { <Details chosen=*chosen mode=mode providers=providers dropped=dropped /> })
                    }
                    (Ok(SecondStep::Refused(errors)), Ok(_)) => {
                        EitherOf3::B(view! { <First providers=providers asked=asked errors=errors /> })
                    }
                    (Err(error), _) | (_, Err(error)) => EitherOf3::C(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Steps(second: bool) -> impl IntoView {
    let words = use_words();
    view! {
        <ol class="steps">
            <li aria-current=(!second).then_some("step")>
                <span>{words.step_choose}</span>
            </li>
            <li aria-current=second.then_some("step")>
                <span>{words.step_details}</span>
            </li>
        </ol>
    }
}

#[component]
fn Details(
    chosen: ChosenModule,
    mode: Mode,
    providers: Vec<ProviderChoice>,
    dropped: ServerAction<DropNewChannel>,
) -> impl IntoView {
    let (words, channel) = (use_words(), use_channel_words());
    let action = ServerAction::<AddChannel>::new();
    let keeping = Keeping::new(action);
    provide_context(keeping);
    Effect::new(move |_| {
        if dropped.pending().get() {
            keeping.stop();
        }
    });
    let context = ErrorContext::of(&chosen.provider_name, providers);
    let chosen = ChosenModule { start: with_link(chosen.start, &chosen.module), ..chosen };
    let subject = Subject {
        provider: chosen.provider_id.clone(),
        admin_url: chosen.admin_url.clone(),
        names: chosen.names.clone(),
        used_mids: chosen.used_mids.clone(),
        context,
    };
    let inputs = Inputs::new(subject, chosen.module.clone(), mode, &chosen.start, action.value().into());
    let mid = Signal::derive(move || inputs.chosen_mid());
    let name = Signal::derive(move || {
        let name = inputs.name.get();
        if name.trim().is_empty() { words.preview_name.to_owned() } else { name }
    });
    let ChosenModule { module, provider_id, provider_name, admin_url, start, request_key, ticket, .. } = chosen;
    let (sent_provider, sent_module) = (provider_id.to_string(), module.id.to_string());
    let is_restored = start.is_draft && start.errors.is_empty() && start.error.is_none();
    let from = use_query_map().get_untracked().get("from").unwrap_or_default();
    let here = paths::new_channel_from(mode.as_str(), &sent_provider, &sent_module, from.parse().ok());
    let here = paths::in_store(&here, use_store().get_untracked());
    let restored = is_restored.then(|| {
        let what =
            NewAbout { mode: mode.to_string(), module: sent_module.clone(), from: from.clone(), ..NewAbout::default() };
        view! { <Restored what=what back=here about=module.label.clone() dropped=dropped /> }
    });
    let store = use_store().get_untracked();
    let back = paths::in_store(&format!("{}?mode={mode}&provider={provider_id}", paths::NEW_CHANNEL), store);
    let list = paths::in_store(&format!("{}?mode={mode}", paths::CHANNELS), store);
    view! {
        <Steps second=true />
        {restored}
        <SignedOut keeping=keeping />
        <div class="columns">
            <ActionForm action=action attr:novalidate=true attr:class="card stack" attr:id="channel-form">
                <input type="hidden" name="about[mode]" value=mode.as_str() />
                <input type="hidden" name="about[provider]" value=sent_provider />
                <input type="hidden" name="about[module]" value=sent_module />
                <input type="hidden" name="about[request_key]" value=request_key />
                <input type="hidden" name="about[ticket]" value=ticket />
                <input type="hidden" name="about[from]" value=from />
                <ForStore inputs=inputs keeping=keeping begun=start.store />
                {start
                    .is_clone
                    .then(|| {
                        view! {
                            <Banner tone=Tone::Info title=channel.clone_title>
                                <p>{channel.clone_text}</p>
                            </Banner>
                        }
                    })}
                <ChannelFields inputs=inputs start=start stored=None />
                <KeptLine keeping=keeping />
                <div class="form-actions">
                    <a class="button button--ghost form-actions-left" href=back>
                        {words.previous}
                    </a>
                    <a class="button" href=list>
                        {words.cancel}
                    </a>
                    <button
                        class="button button--primary"
                        type="submit"
                        aria-busy=move || action.pending().get().then_some("true")
                    >
                        {words.save}
                    </button>
                </div>
            </ActionForm>
            <aside class="stack">
                <div class="preview" aria-live="polite">
                    <p class="preview-label">{words.preview}</p>
                    <div class="preview-row channel-row">
                        <RowContent
                            mode=mode
                            purpose=inputs.purpose.into()
                            provider=provider_id
                            provider_name=provider_name
                            name=name
                            mid=mid
                            status=Status::Active
                        />
                    </div>
                </div>
                <AboutModule module=module mode=mode />
                {admin_url.map(|url| view! { <AdminSite url=url /> })}
            </aside>
        </div>
    }
}

/// The store that the channel is for, where there are several: the one that was chosen when it was `begun`, or the one from
/// which the page is seen.
#[component]
fn ForStore(inputs: Inputs, keeping: Keeping, begun: Option<StoreId>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let account: Account = expect_context();
    let chosen = use_store();
    let error = Signal::derive(move || {
        let code = inputs.errors.with(|errors| errors.of("store").cloned());
        code.map(|code| error_text(lang, &code, &ErrorContext::default()))
    });
    let choice = move || {
        Suspend::new(async move {
            let viewer = account.person().await.filter(|viewer| viewer.stores.len() > 1)?;
            let begun = begun.filter(|begun| viewer.stores.iter().any(|store| store.id == *begun));
            let selected = begun.or(chosen.get_untracked()).unwrap_or(viewer.store_id).to_string();
            let options = store_options(&viewer, words);
            Some(view! {
                <div on:input=move |event| keeping.note(&event)>
                    <SelectField id="for-store" name="about[store]" label=words.for_store options=options selected=selected error=error>
                        <p class="field-help">{words.for_store_help}</p>
                    </SelectField>
                </div>
            })
        })
    };
    view! { <Transition>{choice}</Transition> }
}

/// The stores to which a channel can be given, as a list's options.
pub fn store_options(viewer: &Viewer, words: &Words) -> Vec<(String, String)> {
    let name = |store: &StoreView| match &store.tier_code {
        Some(code) => format!("{} ({code})", store.name),
        None => words.primary_store.to_owned(),
    };
    viewer.stores.iter().map(|store| (store.id.to_string(), name(store))).collect()
}

/// What the link to this page fills in. A draft that began with this link has its own values.
fn with_link(start: FormStart, module: &Module) -> FormStart {
    let query = use_query_map().get_untracked();
    let Some(test) = query.get("mid").and_then(|mid| module.test_mid(&mid).map(|test| test.mid.clone())) else {
        return start;
    };
    if start.is_draft && (start.form.shared_mid == test || !start.errors.is_empty() || start.error.is_some()) {
        return start;
    }
    let name = query.get("name").unwrap_or_default();
    FormStart { form: ChannelForm { shared_mid: test, name, ..start.form }, ..start }
}

/// The PG's own admin site.
#[component]
pub fn AdminSite(url: String) -> impl IntoView {
    let words = use_words();
    view! {
        <p>
            <a href=url target="_blank" rel="noopener noreferrer">
                {words.gateway_site}
                <Icon name="external" small=true />
            </a>
        </p>
    }
}
