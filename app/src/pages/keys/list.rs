//! V2 API: the API secrets, never themselves.

use domain::{
    api_secret::{ApiSecretView, SecretState},
    member::Permission,
    page::Page,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{Api, KeysHead};
use crate::{
    api::keys::list_api_secrets,
    components::{Banner, Icon, Pager, Tone, When, when_text},
    pages::console::PageError,
    paths,
    routes::Account,
    text::{scope_text, secret_state_text, store_text, use_key_words, use_lang},
};

/// V2 API
#[component]
pub fn ApiSecretsPage() -> impl IntoView {
    let keys = use_key_words();
    let account: Account = expect_context();
    let query = use_query_map();
    let page =
        Memo::new(move |_| query.with(|query| query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1)));
    let done = Memo::new(move |_| query.with(|query| query.get("done").unwrap_or_default()));
    let found = Resource::new(move || (page.get(), done.get()), |(page, _)| list_api_secrets(page));
    let issue = move || {
        Suspend::new(async move {
            account.may(Permission::IssueCredentials).await.then(|| {
                view! {
                    <a class="button button--primary" href=paths::KEYS_V2_NEW>
                        <Icon name="plus" small=true />
                        {keys.issue}
                    </a>
                }
            })
        })
    };
    view! {
        <KeysHead api=Api::V2>
            <Transition>{issue}</Transition>
        </KeysHead>
        <Show when=move || done.get() == "revoked">
            <Banner tone=Tone::Success title=keys.revoked_done />
        </Show>
        <Transition>
            {move || Suspend::new(async move {
                let may_issue = account.may(Permission::IssueCredentials).await;
                match found.await {
                    Ok(page) => Either::Left(view! { <Results page=page may_issue=may_issue /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Results(page: Page<ApiSecretView>, may_issue: bool) -> impl IntoView {
    let keys = use_key_words();
    if page.items.is_empty() {
        return Either::Left(view! { <Empty may_issue=may_issue /> });
    }
    let rows =
        page.items.into_iter().map(|secret| view! { <SecretRow secret=secret may_issue=may_issue /> }).collect_view();
    Either::Right(view! {
        <section class="stack stack--tight" aria-label=keys.secrets>
            <p class="field-help">{keys.secrets_lead}</p>
            <ul class="secret-list">{rows}</ul>
        </section>
        <Pager
            page=page.page
            pages=page.pages
            total=page.total
            url=|page| format!("{}?page={page}", paths::KEYS_V2)
        />
    })
}

#[component]
fn SecretRow(secret: ApiSecretView, may_issue: bool) -> impl IntoView {
    let (lang, keys) = (use_lang(), use_key_words());
    let scopes = secret.scopes.iter().map(|scope| scope_text(lang, *scope)).collect::<Vec<_>>().join(", ");
    let may_roll = may_issue && secret.is_live && secret.state != SecretState::Rolled;
    let end = match (secret.state, secret.is_live) {
        (SecretState::Rolled, true) => keys.works_until,
        (SecretState::Rolled | SecretState::Expired, false) => keys.ended,
        _ => keys.ends,
    };
    view! {
        <li class="secret-row">
            <div class="row row--between">
                <p class="row">
                    <strong>{secret.name.clone()}</strong>
                    <span class=format!(
                        "chip chip--secret-{}",
                        secret.state.as_str(),
                    )>{secret_state_text(lang, secret.state)}</span>
                </p>
                <p class="row">
                    {may_roll
                        .then(|| {
                            view! {
                                <a
                                    class="button button--small"
                                    href=paths::roll_secret(&secret.kid)
                                    aria-label=format!("{} {}", secret.name, keys.roll)
                                >
                                    {keys.roll}
                                </a>
                            }
                        })}
                    {(may_issue && secret.is_live)
                        .then(|| {
                            view! {
                                <a
                                    class="button button--small button--danger"
                                    href=paths::revoke_secret(&secret.kid)
                                    aria-label=format!("{} {}", secret.name, keys.revoke)
                                >
                                    {keys.revoke}
                                </a>
                            }
                        })}
                </p>
            </div>
            <dl class="facts">
                <div>
                    <dt>{keys.id_part}</dt>
                    <dd>
                        <code>{format!("chv2_{}_…", secret.kid)}</code>
                    </dd>
                </div>
                <div>
                    <dt>{keys.created}</dt>
                    <dd>
                        <When at=secret.created_at />
                        <p class="kv-note">{secret.created_by.clone()}</p>
                    </dd>
                </div>
                <div>
                    <dt>{end}</dt>
                    <dd>{secret.ends_at.map_or_else(|| keys.never.to_owned(), when_text)}</dd>
                </div>
                <div>
                    <dt>{keys.last_used}</dt>
                    <dd>{secret.last_used_at.map_or_else(|| keys.never_used.to_owned(), when_text)}</dd>
                </div>
                <div>
                    <dt>{keys.scopes}</dt>
                    <dd>{scopes}</dd>
                </div>
                <div>
                    <dt>{keys.store}</dt>
                    <dd>{store_text(lang, &secret.store_name)}</dd>
                </div>
            </dl>
        </li>
    }
}

#[component]
fn Empty(may_issue: bool) -> impl IntoView {
    let keys = use_key_words();
    view! {
        <div class="empty">
            <img class="empty-mark" src=crate::assets::asset("/empty.svg") alt="" />
            <h2>{keys.none_yet}</h2>
            {if may_issue {
                Either::Left(
                    view! {
                        <p>{keys.none_yet_text}</p>
                        <a class="button" href=paths::KEYS_V2_NEW>
                            {keys.issue}
                        </a>
                    },
                )
            } else {
                Either::Right(view! { <p>{keys.none_yet_read}</p> })
            }}
        </div>
    }
}
