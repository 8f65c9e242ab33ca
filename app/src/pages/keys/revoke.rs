//! API Secret 폐기: names the secret, and warns where it is in use.

use domain::{api_secret::ApiSecretView, member::Permission};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;

use crate::{
    api::{
        AppError,
        keys::{RevokeApiSecret, load_api_secret},
    },
    components::{Banner, ErrorBanner, Icon, Tone},
    pages::{
        console::{PageError, PageHead},
        reason::ReasonField,
    },
    paths,
    routes::Account,
    text::{kst, use_key_words, use_words},
};

#[component]
pub fn RevokePage() -> impl IntoView {
    let keys = use_key_words();
    let account: Account = expect_context();
    let params = use_params_map();
    let kid = Memo::new(move |_| params.with(|params| params.get("kid").unwrap_or_default()));
    let secret = Resource::new(move || kid.get(), load_api_secret);
    view! {
        <PageHead title=keys.revoke_title />
        <Transition>
            {move || Suspend::new(async move {
                let may_revoke = account.may(Permission::IssueCredentials).await;
                match secret.await {
                    Ok(_) if !may_revoke => Either::Right(view! { <PageError error=AppError::Forbidden /> }),
                    Ok(secret) => Either::Left(view! { <Form secret=secret /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Form(secret: ApiSecretView) -> impl IntoView {
    let (words, keys) = (use_words(), use_key_words());
    let revoked = ServerAction::<RevokeApiSecret>::new();
    let failed = Signal::derive(move || revoked.value().get().and_then(Result::err));
    let used = secret.last_used_at.map_or_else(|| keys.never_used.to_owned(), kst);
    if !secret.is_live {
        return Either::Left(view! {
            <Banner tone=Tone::Caution title=keys.over_already>
                <p>
                    <a href=paths::KEYS_V2>{keys.to_list}</a>
                </p>
            </Banner>
        });
    }
    Either::Right(view! {
        <ActionForm action=revoked attr:class="card stack narrow">
            <input type="hidden" name="kid" value=secret.kid.clone() />
            <ErrorBanner error=failed />
            <p class="row">
                <strong>{secret.name}</strong>
                <code>{format!("chv2_{}_…", secret.kid)}</code>
                <span class="kv-note">{keys.last_used} ": " {used}</span>
            </p>
            {secret
                .used_lately
                .then(|| {
                    view! {
                        <Banner tone=Tone::Caution title=keys.used_lately>
                            <p>{keys.used_lately_text}</p>
                        </Banner>
                    }
                })}
            <p>{keys.revoke_lead}</p>
            <ReasonField value=RwSignal::new(String::new()) failed=failed />
            <div class="form-actions">
                <a class="button" href=paths::KEYS_V2>
                    {words.cancel}
                </a>
                <button class="button button--danger" type="submit">
                    <Icon name="trash" small=true />
                    {keys.revoke}
                </button>
            </div>
        </ActionForm>
    })
}
