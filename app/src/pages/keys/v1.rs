//! V1 API: what may always be seen, and the two forms of the secret.

use domain::{api_secret::V1Keys, member::Permission};
use leptos::{either::Either, prelude::*};

use super::{
    Api, KeysHead,
    form::{PasswordAgain, SecretFormTop, use_refused},
};
use crate::{
    api::keys::{SecretStart, V1Form, load_v1_form, load_v1_keys},
    components::{Banner, Copy, Icon, Tone, When},
    pages::console::{PageError, PageHead},
    paths,
    routes::Account,
    text::{kst, use_key_words, use_words},
};

/// V1 API
#[component]
pub fn V1KeysPage() -> impl IntoView {
    let account: Account = expect_context();
    let keys = Resource::new(|| (), |()| load_v1_keys());
    view! {
        <KeysHead api=Api::V1 />
        <Transition>
            {move || Suspend::new(async move {
                let may_issue = account.may(Permission::IssueCredentials).await;
                match keys.await {
                    Ok(keys) => Either::Left(view! { <Keys v1=keys may_issue=may_issue /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Keys(v1: V1Keys, may_issue: bool) -> impl IntoView {
    let (words, keys) = (use_words(), use_key_words());
    let used = v1.last_used_at.map_or_else(|| keys.never_used.to_owned(), kst);
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{keys.v1}</h2>
            </div>
            <dl class="kv">
                <dt>{words.imp_code}</dt>
                <dd>
                    <Copy value=v1.imp_code.to_string() label=words.imp_code />
                    <p class="kv-note">{keys.imp_code_help}</p>
                </dd>
                <dt>{keys.rest_api_key}</dt>
                <dd>
                    <Copy value=v1.key label=keys.rest_api_key />
                    <p class="kv-note">{keys.rest_api_key_help}</p>
                </dd>
                <dt>{keys.rest_api_secret}</dt>
                <dd class="stack stack--tight">
                    <p class="row">
                        <span class="secret-dots" aria-hidden="true">
                            "••••••••••••••••"
                        </span>
                        <span class="kv-note">{keys.hidden}</span>
                        {may_issue
                            .then(|| {
                                view! {
                                    <a class="button button--small" href=paths::KEYS_SHOW>
                                        <Icon name="lock" small=true />
                                        {keys.show}
                                    </a>
                                }
                            })}
                    </p>
                    <p class="kv-note kv-note--warning">{keys.leak}</p>
                </dd>
                <dt>{keys.issued_at}</dt>
                <dd><When at=v1.issued_at /></dd>
                <dt>{keys.last_used}</dt>
                <dd>{used}</dd>
            </dl>
            {may_issue
                .then(|| {
                    view! {
                        <div class="row row--between">
                            <span class="field-help">{keys.reissue_check}</span>
                            <a class="button button--danger" href=paths::KEYS_REISSUE>
                                {keys.reissue}
                            </a>
                        </div>
                    }
                })}
        </section>
    }
}

/// REST API Secret 보기
#[component]
pub fn ShowPage() -> impl IntoView {
    view! { <V1FormPage form=V1Form::Show /> }
}

/// REST API Secret 재발급
#[component]
pub fn ReissuePage() -> impl IntoView {
    view! { <V1FormPage form=V1Form::Reissue /> }
}

#[component]
fn V1FormPage(form: V1Form) -> impl IntoView {
    let keys = use_key_words();
    let refused = use_refused();
    let start = Resource::new(move || refused.get(), move |refused| load_v1_form(form, refused));
    let title = if form == V1Form::Show { keys.show } else { keys.reissue };
    view! {
        <PageHead title=title />
        <Transition>
            {move || Suspend::new(async move {
                match start.await {
                    Ok(start) => Either::Left(view! { <V1SecretForm form=form start=start /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn V1SecretForm(form: V1Form, start: SecretStart) -> impl IntoView {
    let (words, keys) = (use_words(), use_key_words());
    let button = match form {
        V1Form::Show => view! {
            <button class="button button--primary" type="submit">
                {keys.show}
            </button>
        }
        .into_any(),
        V1Form::Reissue => view! {
            <button class="button button--danger" type="submit">
                {keys.reissue}
            </button>
        }
        .into_any(),
    };
    let (action, why) = match form {
        V1Form::Show => (paths::KEYS_SHOW, view! { <Banner tone=Tone::Info title=keys.show_lead /> }.into_any()),
        V1Form::Reissue => (
            paths::KEYS_REISSUE,
            view! {
                <Banner tone=Tone::Caution title=keys.reissue_lead>
                    <p>{keys.reissue_check}</p>
                </Banner>
            }
            .into_any(),
        ),
    };
    view! {
        <form class="card stack narrow" method="post" action=action novalidate>
            <SecretFormTop start=start.clone() />
            {why}
            <PasswordAgain start=start />
            <div class="form-actions">
                <a class="button" href=paths::KEYS>
                    {words.cancel}
                </a>
                {button}
            </div>
        </form>
    }
}
