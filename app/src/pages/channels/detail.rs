//! A channel's page.

use domain::{
    application::view::ContractSummary,
    catalogue::Module,
    channel::{Mode, Status, Warning, view::ChannelDetail},
    id::ChannelKey,
    member::Permission,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    about::AboutModule,
    changes::CatalogueChanges,
    code::ForCode,
    cores::CoresOf,
    moves::{Delete, Deleted, PauseButton},
    request_check::RequestCheckLink,
    secrets::{Answer, Fields},
    store::StoreOf,
};
use crate::{
    api::{
        AppError,
        application::load_channel_contract,
        channels::{MoveChannel, ShownChannel, show_channel},
        cores::{ChannelCores, load_channel_cores},
        secrets::{CompareSecret, Compared, load_compared},
        stores::AssignChannel,
    },
    components::{Banner, Copy, ErrorBanner, Icon, Mark, ModeChip, ModuleChips, PurposeChip, StatusChip, Tone},
    pages::{
        application::ContractOfChannel,
        console::{PageError, use_store},
    },
    paths,
    routes::Account,
    text::{ago, kst, mid_label, mode_text, tax_text, use_channel_words, use_lang, use_text, use_words, warning_text},
};

#[component]
pub fn ChannelPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let key = Memo::new(move |_| params.with(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok())));
    let done = Memo::new(move |_| query.with(|query| query.get("done").unwrap_or_default()));
    let cleaned = Memo::new(move |_| query.with(|query| query.get("cleaned").unwrap_or_default()));
    let compared_field = Memo::new(move |_| query.with(|query| query.get("compared").unwrap_or_default()));
    let comparison = ServerAction::<CompareSecret>::new();
    let compared = Resource::new(
        move || (key.get(), compared_field.get(), comparison.version().get()),
        |(key, field, _)| async move {
            match key {
                Some(key) if !field.is_empty() => load_compared(key, field).await,
                _ => Ok(None),
            }
        },
    );
    let (moved, assigned) = (ServerAction::<MoveChannel>::new(), ServerAction::<AssignChannel>::new());
    let account: Account = expect_context();
    // Out here, where a page that is loaded anew does not wipe what was typed.
    let reason = RwSignal::new(String::new());
    let page = Resource::new(
        move || (key.get(), moved.version().get(), assigned.version().get(), done.get()),
        |(key, ..)| async move {
            match key {
                Some(key) => show_channel(key).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let cores = Resource::new(
        move || (key.get(), moved.version().get(), assigned.version().get(), done.get()),
        |(key, ..)| async move {
            match key {
                Some(key) => load_channel_cores(key).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let contract = Resource::new(
        move || key.get(),
        |key| async move {
            match key {
                Some(key) => load_channel_contract(key).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => {
                        let may_edit = account.may(Permission::to_edit(page.page.channel.summary.mode)).await;
                        Either::Left(view! { <Detail shown=page cores=cores contract=contract comparing=comparison compared=compared moved=moved reason=reason assigned=assigned done=done.get() cleaned=cleaned.get() may_edit=may_edit /> })
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(
    shown: ShownChannel,
    cores: Resource<Result<ChannelCores, AppError>>,
    contract: Resource<Result<Option<ContractSummary>, AppError>>,
    comparing: ServerAction<CompareSecret>,
    compared: Resource<Result<Option<Compared>, AppError>>,
    moved: ServerAction<MoveChannel>,
    reason: RwSignal<String>,
    assigned: ServerAction<AssignChannel>,
    done: String,
    cleaned: String,
    may_edit: bool,
) -> impl IntoView {
    let (words, extra, lang) = (use_words(), use_channel_words(), use_lang());
    let ShownChannel { page, code, twin, now } = shown;
    let channel = page.channel;
    let summary = channel.summary.clone();
    let key = summary.key;
    let failed = Signal::derive(move || {
        let other = || assigned.value().get().and_then(Result::err);
        let asked = || comparing.value().get().and_then(Result::err);
        moved.value().get().and_then(Result::err).or_else(other).or_else(asked)
    });
    let (can_clone, clone) = (page.module.addable(), paths::clone_channel(&summary));
    let is_archived = summary.status == Status::Archived;
    let store = use_store().get_untracked();
    view! {
        <leptos_meta::Title text=format!("{} · Channel Console", summary.name) />
        <div class="page-head">
            <div class="stack stack--tight">
                <p class="row">
                    <a href=paths::in_store(&format!("{}?mode={}", paths::CHANNELS, summary.mode), store)>{words.back_to_list}</a>
                </p>
                <div class="row">
                    <Mark provider=summary.provider.clone() large=true />
                    <h1>{summary.name.clone()}</h1>
                    <ModeChip mode=summary.mode />
                    <PurposeChip purpose=summary.purpose />
                    <StatusChip status=summary.status />
                </div>
            </div>
            {(may_edit && !is_archived)
                .then(|| {
                    view! {
                        <div class="page-actions">
                            {can_clone
                                .then(|| {
                                    view! {
                                        <a class="button" href=paths::in_store(&clone, store)>
                                            <Icon name="copy" small=true />
                                            {extra.clone}
                                        </a>
                                    }
                                })}
                            <PauseButton key=key status=summary.status moved=moved />
                            <a class="button button--primary" href=paths::in_store(&paths::edit_channel(key), store)>
                                <Icon name="edit" small=true />
                                {words.edit}
                            </a>
                        </div>
                    }
                })}
        </div>
        <p class="row page-links">
            <a href=paths::in_store(&paths::twins(key), store)>{extra.twins}</a>
        </p>
        <ErrorBanner error=failed />
        <Answer compared=compared module=page.module.clone() />
        <Done done=done cleaned=labels_of(&cleaned, &page.module) />
        {channel.restorable_until.map(|until| view! { <Deleted key=key until=until moved=moved may_edit=may_edit /> })}
        <CatalogueChanges changes=channel.changes.clone() />
        <Warnings warnings=channel.warnings.clone() />
        <div class="columns">
            <div class="stack">
                <section class="card">
                    <div class="card-head">
                        <h2>{words.channel_info}</h2>
                    </div>
                    <dl class="kv">
                        <dt>{words.channel_key}</dt>
                        <dd>
                            <Copy value=key.to_string() label=words.channel_key whole=true />
                        </dd>
                        <dt>{words.mode}</dt>
                        <dd>{mode_text(lang, summary.mode)}</dd>
                        <dt>{words.provider}</dt>
                        <dd>{page.provider_name}</dd>
                        <dt>{words.module}</dt>
                        <dd class="row">
                            <ModuleChips module=page.module.clone() />
                        </dd>
                        <dt>{mid_label(lang, &page.module)}</dt>
                        <dd>
                            <Copy value=summary.mid.clone() label=mid_label(lang, &page.module) />
                        </dd>
                        <Uses channel=channel.clone() />
                        <dt>{words.tax}</dt>
                        <dd>{tax_text(lang, channel.tax)}</dd>
                        <dt>{words.updated_at}</dt>
                        <dd>
                            {kst(channel.updated_at)} " (" {ago(lang, now, channel.updated_at)} ") · " {words.version} " " {channel.version} " · "
                            <a href=paths::in_store(&paths::versions(key), store)>{words.versions}</a>
                        </dd>
                    </dl>
                </section>
                <Fields channel=channel.clone() module=page.module.clone() comparing=may_edit.then_some(comparing) now=now />
                {(summary.mode == Mode::Live).then(|| view! { <ContractOfChannel found=contract /> })}
                <ForCode code=code mode=summary.mode status=summary.status />
                <CoresOf cores=cores />
                <StoreOf key=key store=channel.store_id assigned=assigned may_edit=may_edit && !is_archived />
                {(may_edit && !is_archived).then(|| view! { <Delete key=key status=summary.status moved=moved reason=reason twin=twin /> })}
            </div>
            <aside class="stack">
                {page.has_request_guide.then(|| view! { <RequestCheckLink key=key /> })}
                <AboutModule module=page.module mode=summary.mode />
            </aside>
        </div>
    }
}

/// The labels of inputs that were cleaned; what is no input of the module is left out.
fn labels_of(inputs: &str, module: &Module) -> Vec<String> {
    let label = |input: &str| match input.strip_prefix("fields.") {
        Some(key) => module.fields.iter().find(|field| field.key.as_str() == key).map(|field| field.label.clone()),
        None => (input == "mid").then(|| module.mid.label.clone()),
    };
    inputs.split(',').filter_map(label).collect()
}

/// What has just been done, after the redirect.
#[component]
fn Done(done: String, cleaned: Vec<String>) -> impl IntoView {
    let (words, channel) = (use_words(), use_channel_words());
    let title = match done.as_str() {
        "added" => words.added,
        "saved" => words.saved,
        "paused" => words.paused_done,
        "resumed" => words.resumed_done,
        "restored" => words.restored_done,
        "rolled-back" => channel.rolled_back_done,
        "assigned" => words.assigned_done,
        "deleted" => words.deleted_done,
        _ => return None,
    };
    Some(view! {
        <Banner tone=Tone::Success title=title>
            {(done == "added").then(|| view! { <p>{words.added_next}</p> })}
            {(!cleaned.is_empty()).then(|| view! { <p>{words.cleaned_inputs} " " {cleaned.join(", ")}</p> })}
        </Banner>
    })
}

#[component]
fn Warnings(warnings: Vec<Warning>) -> impl IntoView {
    let lang = use_lang();
    let items = warnings.iter().map(|w| view! { <li>{warning_text(lang, &w.code)}</li> }).collect_view();
    (!warnings.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Caution>
                <ul class="notice-list">{items}</ul>
            </Banner>
        }
    })
}

#[component]
fn Uses(channel: ChannelDetail) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let chosen = channel.uses.iter().map(|u| use_text(lang, *u)).collect::<Vec<_>>().join(", ");
    (!chosen.is_empty()).then(|| {
        view! {
            <dt>{words.uses}</dt>
            <dd>{chosen}</dd>
        }
    })
}
