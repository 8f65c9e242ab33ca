use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::frame::AuthFrame;
use crate::{
    api::{
        AppError,
        own_account::{ConfirmEmail, email_link_usable},
    },
    components::ErrorBanner,
    paths,
    routes::Account,
    text::use_words,
};

/// The link to a new address: only the button uses it up.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let query = use_query_map();
    let account: Account = expect_context();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let usable = Resource::new(move || token.get(), email_link_usable);
    let action = ServerAction::<ConfirmEmail>::new();
    account.reload_after(action);
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    let is_over = Memo::new(move |_| failed.get() == Some(AppError::LinkInvalid));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let is_usable = usable.await.unwrap_or(false) && !is_over.get();
                if is_usable {
                    Either::Left(view! { <Confirm action=action token=token.get_untracked() failed=failed /> })
                } else {
                    Either::Right(view! { <Invalid /> })
                }
            })}
        </Suspense>
    }
}

#[component]
fn Confirm(action: ServerAction<ConfirmEmail>, token: String, failed: Signal<Option<AppError>>) -> impl IntoView {
    let words = use_words();
    view! {
        <AuthFrame title=words.confirm_email_title>
            <p>{words.confirm_email_text}</p>
            <ErrorBanner error=failed />
            <ActionForm action=action>
                <input type="hidden" name="token" value=token />
                <button class="button button--primary button--wide" type="submit">
                    {words.confirm_email_button}
                </button>
            </ActionForm>
        </AuthFrame>
    }
}

#[component]
fn Invalid() -> impl IntoView {
    let words = use_words();
    view! {
        <AuthFrame title=words.link_invalid_title>
            <p>{words.short_link_invalid}</p>
            <p class="row">
                <a class="button button--primary" href=paths::ACCOUNT>
                    {words.my_account}
                </a>
            </p>
        </AuthFrame>
    }
}
