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
use leptos_router::hooks::use_params_map;

use super::{
    about::AboutModule,
    fields::ChannelFields,
    inputs::{Inputs, Subject},
    new::AdminSite,
};
use crate::{
    api::{
        AppError,
        channels::{ProviderChoice, list_providers},
        pairs::{PlanPage, Promote, load_plan},
    },
    components::{Banner, ModeChip, Tone},
    pages::console::{PageError, PageHead, use_store},
    paths,
    text::{ErrorContext, mid_label, use_channel_words, use_lang, use_words},
};

#[component]
pub fn PromotePage() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok())));
    let page = Resource::new(move || key.get(), |key| async move { load_plan(key.ok_or(AppError::NotFound)?).await });
    let providers = Resource::new(|| (), |()| list_providers());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match (page.await, providers.await) {
                    (Ok(page), Ok(providers)) => Either::Left(view! { <Plan page=page providers=providers /> }),
                    (Err(error), _) | (_, Err(error)) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Plan(page: PlanPage, providers: Vec<ProviderChoice>) -> impl IntoView {
    let (words, channel) = (use_words(), use_channel_words());
    let PlanPage { test, live, lines, form } = page;
    let action = ServerAction::<Promote>::new();
    let context = ErrorContext::of(&form.provider_name, providers);
    let subject = Subject {
        provider: form.provider_id.clone(),
        admin_url: form.admin_url.clone(),
        names: Vec::new(),
        used_mids: form.used_mids.clone(),
        context,
    };
    let inputs = Inputs::new(subject, form.module.clone(), Mode::Live, &form.start, action.value().into());
    let is_stale = move || matches!(inputs.error.get(), Some(AppError::Stale { .. }));
    let version = live.as_ref().map_or(0, |live| live.version);
    let seen_version = move || match inputs.error.get() {
        Some(AppError::Stale { current }) if current > 0 => current.to_string(),
        _ => version.to_string(),
    };
    let live_key = live.as_ref().map(|live| live.summary.key.to_string()).unwrap_or_default();
    let twins = paths::in_store(&paths::twins(test.key), use_store().get_untracked());
    let title = format!("{} · {}", test.name, channel.promote);
    view! {
        <PageHead title=title lead=channel.promote_lead />
        <div class="columns">
            <div class="stack">
                <PlanLines lines=lines module=form.module.clone() />
                <ActionForm action=action attr:novalidate=true attr:class="card stack">
                    <input type="hidden" name="about[key]" value=test.key.to_string() />
                    <input type="hidden" name="about[live]" value=live_key />
                    <input type="hidden" name="about[seen_version]" value=seen_version />
                    <input type="hidden" name="about[request_key]" value=form.request_key />
                    <Show when=is_stale>
                        <Banner tone=Tone::Caution title=words.stale_title>
                            <p>{words.stale_text}</p>
                        </Banner>
                    </Show>
                    <p class="row">
                        <ModeChip mode=Mode::Live />
                        <span>{form.provider_name.clone()}</span>
                        <span class="kv-note">
                            {if live.is_some() { channel.promote_edits } else { channel.promote_adds }}
                        </span>
                    </p>
                    <ChannelFields inputs=inputs start=form.start stored=live.map(|live| live.fields) />
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

/// What is still to be typed, what may be, and what is there already.
#[component]
fn PlanLines(lines: Vec<PlanLine>, module: Module) -> impl IntoView {
    let channel = use_channel_words();
    let needed = lines.iter().filter(|line| line.need == Need::Needed).count();
    let group = |need: Need, title: &'static str| {
        let own: Vec<String> =
            lines.iter().filter(|line| line.need == need).map(|line| label_of(line, &module)).collect();
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

fn label_of(line: &PlanLine, module: &Module) -> String {
    let words = use_words();
    let ours = match line.field.as_str() {
        "name" => words.channel_name,
        "purpose" => words.purpose,
        "mid" => return mid_label(use_lang(), module),
        "uses" => words.uses,
        "tax" => words.tax,
        _ => line.label.as_str(),
    };
    ours.to_owned()
}
