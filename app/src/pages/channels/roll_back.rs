//! Going back to an older version: what will change, and the button.

use domain::id::ChannelKey;
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::change_list::ChangeList;
use crate::{
    api::{
        AppError,
        history::{RollBack, RollBackPage as Page, load_roll_back},
        refused::refused_by,
    },
    components::{Banner, CheckField, ErrorBanner, FieldMessage, Icon, Tone},
    pages::{
        console::{PageError, PageHead, use_store},
        reason::ReasonField,
    },
    paths,
    text::{ago, author_text, kst, use_channel_words, use_lang, use_words},
};

#[component]
pub fn RollBackPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let is_refused = Memo::new(move |_| query.with(|query| query.get("draft").is_some()));
    let asked = Memo::new(move |_| {
        params.with(|params| {
            let key: Option<ChannelKey> = params.get("key").and_then(|key| key.parse().ok());
            Some((key?, params.get("version").and_then(|version| version.parse::<i64>().ok())?))
        })
    });
    let action = ServerAction::<RollBack>::new();
    // Out here, where a page that is loaded anew does not wipe what was typed.
    let typed = Typed { reason: RwSignal::new(String::new()), keeps_name: RwSignal::new(false) };
    let page = Resource::new(
        // Loaded anew after a refusal: somebody may have saved another version meanwhile.
        move || (asked.get(), is_refused.get(), action.version().get()),
        |(asked, is_refused, _)| async move {
            let (key, to) = asked.ok_or(AppError::NotFound)?;
            load_roll_back(key, to, is_refused).await
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => Either::Left(view! { <Plan page=page action=action typed=typed /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

/// What was typed into the form, whether it was refused or not yet sent.
#[derive(Clone, Copy)]
struct Typed {
    reason: RwSignal<String>,
    keeps_name: RwSignal<bool>,
}

#[component]
fn Plan(page: Page, action: ServerAction<RollBack>, typed: Typed) -> impl IntoView {
    let (words, channel, lang) = (use_words(), use_channel_words(), use_lang());
    let Page { plan, mid_label, start, now } = page;
    let key = plan.key;
    let failed = refused_by(action, start.refusal());
    let versions = paths::in_store(&paths::versions(key), use_store().get_untracked());
    let cancel = versions.clone();
    let (is_same, title) = (plan.changes.is_empty(), format!("{} · {}", plan.name, channel.roll_back_title));
    let name_error = Signal::stored(plan.is_name_taken.then(|| channel.name_taken.to_owned()));
    let Typed { reason, keeps_name } = typed;
    if reason.with_untracked(String::is_empty) {
        reason.set(start.form.reason.clone());
    }
    if !start.form.keep_name.is_empty() {
        keeps_name.set(true);
    }
    let offer = if is_same {
        Either::Left(view! { <Banner tone=Tone::Info title=channel.roll_back_same /> })
    } else if plan.is_readable {
        Either::Right(Either::Left(view! {
            <ActionForm action=action attr:class="stack">
                <input type="hidden" name="key" value=key.to_string() />
                <input type="hidden" name="form[to]" value=plan.to />
                <input type="hidden" name="form[seen_version]" value=plan.seen_version />
                {plan
                    .is_name_taken
                    .then(|| {
                        view! {
                            <div class="field field--invalid" on:change=move |event| keeps_name.set(event_target_checked(&event))>
                                <FieldMessage id="name-error" error=name_error />
                                <CheckField
                                    id="keep-name"
                                    name="form[keep_name]"
                                    checked=keeps_name.get_untracked()
                                    error=Signal::stored(None::<String>)
                                >
                                    {channel.keep_name}
                                    " ("
                                    {plan.name.clone()}
                                    ")"
                                </CheckField>
                            </div>
                        }
                    })}
                <ReasonField name="form[reason]" value=reason failed=failed />
                <div class="form-actions">
                    <a class="button" href=cancel>
                        {words.cancel}
                    </a>
                    <button
                        class="button button--primary"
                        type="submit"
                        aria-busy=move || action.pending().get().then_some("true")
                    >
                        <Icon name="undo" small=true />
                        {channel.to_this_version}
                    </button>
                </div>
            </ActionForm>
        }))
    } else {
        Either::Right(Either::Right(view! {
            <Banner tone=Tone::Caution title=channel.roll_back_unreadable>
                <p>
                    {channel.roll_back_unreadable_text} " " <a href=paths::edit_channel(key)>{words.edit_title}</a>
                </p>
            </Banner>
        }))
    };
    view! {
        <PageHead title=title lead=channel.roll_back_lead />
        <p>
            <a href=versions>{words.versions}</a>
        </p>
        <ErrorBanner error=failed />
        <section class="card stack narrow">
            <p class="row">
                <strong>{words.version} " " {plan.seen_version} " → " {plan.to}</strong>
                <span class="kv-note">
                    {kst(plan.at)} " (" {ago(lang, now, plan.at)} ") · " {author_text(lang, &plan.by)}
                </span>
            </p>
            {(!is_same)
                .then(|| {
                    view! {
                        <h2>{channel.roll_back_what}</h2>
                        <ChangeList changes=plan.changes mid_label=mid_label />
                        <p class="field-help">{channel.roll_back_secrets}</p>
                    }
                })}
            {offer}
        </section>
    }
}
