//! 새로운 API Secret 발급: the form. Its answer is a page of its own.

use domain::{api_secret::IssueForm, credential::Scope};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::form::{PasswordAgain, SecretFormTop, error_beside, use_refused};
use crate::{
    api::{
        AppError,
        keys::{IssueStart, load_issue},
    },
    components::{FieldMessage, Required, TextField},
    pages::console::{PageError, PageHead},
    paths,
    text::{scope_text, use_key_words, use_lang, use_words},
};

#[component]
pub fn IssuePage() -> impl IntoView {
    let keys = use_key_words();
    let refused = use_refused();
    let start = Resource::new(move || refused.get(), load_issue);
    view! {
        <PageHead title=keys.issue lead=keys.issue_lead />
        <Transition>
            {move || Suspend::new(async move {
                match start.await {
                    Ok(start) => Either::Left(view! { <Form start=start /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Form(start: IssueStart) -> impl IntoView {
    let (words, keys) = (use_words(), use_key_words());
    let IssueStart { form, start } = start;
    let error = start.error.clone();
    let query = use_query_map();
    // The store at hand is in the URL; none is the primary one.
    let store = query.with_untracked(|query| query.get("store").unwrap_or_default());
    view! {
        <form class="card stack narrow" method="post" action=paths::KEYS_V2_NEW novalidate>
            <SecretFormTop start=start.clone() />
            <input type="hidden" name="store" value=store />
            <TextField
                id="name"
                name="name"
                label=keys.secret_name
                required=true
                value=RwSignal::new(form.name.clone())
                error=error_beside(error.as_ref(), "name")
            >
                <p class="field-help">{keys.secret_name_help}</p>
            </TextField>
            <Expiry form=form.clone() error=error.clone() />
            <Scopes form=form error=error />
            <PasswordAgain start=start />
            <div class="form-actions">
                <a class="button" href=paths::KEYS_V2>
                    {words.cancel}
                </a>
                <button class="button button--primary" type="submit">
                    {keys.create}
                </button>
            </div>
        </form>
    }
}

#[component]
fn Expiry(form: IssueForm, error: Option<AppError>) -> impl IntoView {
    let keys = use_key_words();
    let choices = [
        ("30", keys.days_30),
        ("90", keys.days_90),
        ("180", keys.days_180),
        ("365", keys.days_365),
        ("date", keys.on_date),
        ("none", keys.never),
    ];
    let chosen = form.expiry.clone();
    let radios = choices
        .into_iter()
        .map(|(value, text)| {
            view! {
                <label class="choice">
                    <input type="radio" name="expiry" value=value checked=chosen == value />
                    <span>{text}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field expiry" aria-describedby="expiry-error">
            <legend class="field-label">{keys.expiry} <Required /></legend>
            <div class="choices choices--small">{radios}</div>
            <FieldMessage id="expiry-error" error=error_beside(error.as_ref(), "expiry") />
            <p class="field-warning expiry-never">{keys.never_warning}</p>
            <div class="expiry-date">
                <TextField
                    id="until"
                    name="until"
                    label=keys.until
                    kind="date"
                    value=RwSignal::new(form.until)
                    error=error_beside(error.as_ref(), "until")
                >
                    <p class="field-help">{keys.until_help}</p>
                </TextField>
            </div>
        </fieldset>
    }
}

#[component]
fn Scopes(form: IssueForm, error: Option<AppError>) -> impl IntoView {
    let (lang, keys) = (use_lang(), use_key_words());
    let boxes = Scope::ALL
        .into_iter()
        .map(|scope| {
            let name = match scope {
                Scope::ChannelsRead => "channels_read",
                Scope::ChannelsWrite => "channels_write",
                Scope::Payments => "payments",
            };
            view! {
                <label class="checkbox">
                    <input type="checkbox" name=name value="on" checked=form.has(scope) />
                    <span>{scope_text(lang, scope)} " " <code class="kv-note">{scope.as_str()}</code></span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" aria-describedby="scopes-error">
            <legend class="field-label">{keys.scopes} <Required /></legend>
            <div class="stack stack--tight">{boxes}</div>
            <FieldMessage id="scopes-error" error=error_beside(error.as_ref(), "scopes") />
            <p class="field-help">{keys.scopes_help}</p>
        </fieldset>
    }
}
