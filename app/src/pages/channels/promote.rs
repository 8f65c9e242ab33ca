//! 실연동으로 올리기: what the live channel still needs, and the form that takes it.

use domain::{
    catalogue::Module,
    channel::{
        Mode,
        twin::{Need, PlanLine},
    },
    id::ChannelKey,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    about::AboutModule,
    begun::Restored,
    fields::ChannelFields,
    inputs::{Inputs, Subject},
    keeping::{Keeping, KeptLine, SignedOut},
    new::AdminSite,
};
use crate::{
    api::{
        AppError,
        channel_drafts::DropNewChannel,
        channels::{NewAbout, ProviderChoice, list_providers},
        pairs::{PlanPage, Promote, load_plan},
    },
    components::{Banner, ModeChip, Tone},
    pages::console::{PageError, PageHead, use_store},
    paths,
    text::{ErrorContext, field_label, mid_label, use_channel_words, use_lang, use_words},
};

#[component]
pub fn PromotePage() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok())));
    let dropped = ServerAction::<DropNewChannel>::new();
    let page = Resource::new(
        move || (key.get(), dropped.version().get()),
        |(key, _)| async move { load_plan(key.ok_or(AppError::NotFound)?).await },
    );
    let providers = Resource::new(|| (), |()| list_providers());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match (page.await, providers.await) {
                    (Ok(page), Ok(providers)) => Either::Left(view! { <Plan page=page providers=providers dropped=dropped /> }),
                    (Err(error), _) | (_, Err(error)) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Plan(page: PlanPage, providers: Vec<ProviderChoice>, dropped: ServerAction<DropNewChannel>) -> impl IntoView {
    let (words, channel) = (use_words(), use_channel_words());
    let PlanPage { test, live, lines, form } = page;
    let action = ServerAction::<Promote>::new();
    let keeping = Keeping::new(action);
    provide_context(keeping);
    Effect::new(move |_| {
        if dropped.pending().get() {
            keeping.stop();
        }
    });
    let context = ErrorContext::of(&form.provider_name, providers);
    let subject = Subject {
        provider: form.provider_id.clone(),
        admin_url: form.admin_url.clone(),
        names: Vec::new(),
        used_mids: form.used_mids.clone(),
        context,
    };
    let inputs = Inputs::new(subject, form.module.clone(), Mode::Live, &form.start, action.value().into());
    let is_stale = move || matches!(inputs.error.get(), Some(AppError::Stale { current }) if current > 0);
    // What was refused was for the channel that stood behind it then: its draft is not this page's.
    let was_refused = use_query_map().with_untracked(|query| query.get("draft").is_some());
    let is_paired_anew = was_refused && !form.start.is_draft;
    let is_paired_anew = move || is_paired_anew || matches!(inputs.error.get(), Some(AppError::Stale { current: 0 }));
    // What was on the screen when the draft was typed is not what somebody saved since.
    let stored_version = live.as_ref().map_or(0, |live| live.version);
    let version = if form.start.seen_version > 0 { form.start.seen_version } else { stored_version };
    let seen_version = move || match inputs.error.get() {
        Some(AppError::Stale { current }) if current > 0 => current.to_string(),
        _ => version.to_string(),
    };
    let live_key = live.as_ref().map(|live| live.summary.key.to_string()).unwrap_or_default();
    let store = use_store().get_untracked();
    let twins = paths::in_store(&paths::twins(test.key), store);
    let is_restored = form.start.is_draft && form.start.errors.is_empty() && form.start.error.is_none();
    let restored = is_restored.then(|| {
        let what = NewAbout { key: test.key.to_string(), live: live_key.clone(), ..NewAbout::default() };
        let here = paths::in_store(&paths::promote(test.key), store);
        view! { <Restored what=what back=here about=test.name.clone() dropped=dropped /> }
    });
    let stored = live.as_ref().map_or_else(String::new, |live| paths::channel(live.summary.key));
    let to_twins = twins.clone();
    let (sent_provider, sent_module) = (form.provider_id.to_string(), form.module.id.to_string());
    let title = format!("{} · {}", test.name, channel.promote);
    view! {
        <PageHead title=title lead=channel.promote_lead />
        {restored}
        <SignedOut keeping=keeping />
        {move || is_paired_anew().then(|| view! { <PairedAnew to=to_twins.clone() /> })}
        <div class="columns">
            <div class="stack">
                <PlanLines lines=lines module=form.module.clone() />
                <ActionForm action=action attr:novalidate=true attr:class="card stack">
                    <input type="hidden" name="about[mode]" value=Mode::Live.as_str() />
                    <input type="hidden" name="about[provider]" value=sent_provider />
                    <input type="hidden" name="about[module]" value=sent_module />
                    <input type="hidden" name="about[key]" value=test.key.to_string() />
                    <input type="hidden" name="about[live]" value=live_key />
                    <input type="hidden" name="about[seen_version]" value=seen_version />
                    <input type="hidden" name="about[request_key]" value=form.request_key />
                    <input type="hidden" name="about[ticket]" value=form.ticket />
                    {move || is_stale().then(|| view! { <Outdated stored=stored.clone() /> })}
                    <p class="row">
                        <ModeChip mode=Mode::Live />
                        <span>{form.provider_name.clone()}</span>
                        <span class="kv-note">
                            {if live.is_some() { channel.promote_edits } else { channel.promote_adds }}
                        </span>
                    </p>
                    <ChannelFields inputs=inputs start=form.start stored=live.map(|live| live.fields) />
                    <KeptLine keeping=keeping />
                    <div class="form-actions">
                        <a class="button" href=twins>
                            {words.cancel}
                        </a>
                        <button
                            class="button button--primary"
                            type="submit"
                            aria-busy=move || action.pending().get().then_some("true")
                        >
                            {channel.promote}
                        </button>
                    </div>
                </ActionForm>
            </div>
            <aside class="stack">
                <AboutModule module=form.module mode=Mode::Live />
                {form.admin_url.map(|url| view! { <AdminSite url=url /> })}
            </aside>
        </div>
    }
}

/// Another channel stands behind the test channel by now: what was typed for the one before is not saved.
#[component]
fn PairedAnew(to: String) -> impl IntoView {
    let channel = use_channel_words();
    view! {
        <Banner tone=Tone::Caution title=channel.paired_anew>
            <p>{channel.paired_anew_text}</p>
            <p>
                <a href=to>{channel.twins}</a>
            </p>
        </Banner>
    }
}

/// Somebody saved a newer version, which can be looked at.
#[component]
fn Outdated(stored: String) -> impl IntoView {
    let words = use_words();
    view! {
        <Banner tone=Tone::Caution title=words.stale_title>
            <p>{words.stale_text}</p>
            <p>
                <a href=stored target="_blank">
                    {words.show_stored}
                </a>
            </p>
        </Banner>
    }
}

/// What is still to be typed, what may be, and what is there already.
#[component]
fn PlanLines(lines: Vec<PlanLine>, module: Module) -> impl IntoView {
    let channel = use_channel_words();
    let lang = use_lang();
    let label_of =
        |line: &PlanLine| field_label(lang, &line.field, &mid_label(lang, &module)).unwrap_or(&line.label).to_owned();
    let needed = lines.iter().filter(|line| line.need == Need::Needed).count();
    let group = |need: Need, title: &'static str| {
        let own: Vec<String> = lines.iter().filter(|line| line.need == need).map(label_of).collect();
        (!own.is_empty()).then(|| {
            let items = own.into_iter().map(|label| view! { <li>{label}</li> }).collect_view();
            view! {
                <dt>{title}</dt>
                <dd>
                    <ul class="plain-list">{items}</ul>
                </dd>
            }
        })
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{channel.plan}</h2>
                <span class="kv-note">{if needed == 0 { channel.plan_complete } else { channel.plan_note }}</span>
            </div>
            <dl class="kv">
                {group(Need::Needed, channel.plan_needed)} {group(Need::Optional, channel.plan_optional)}
                {group(Need::Taken, channel.plan_taken)} {group(Need::Kept, channel.plan_kept)}
            </dl>
        </section>
    }
}
