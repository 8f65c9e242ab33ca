use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::frame::AuthFrame;
use crate::{
    api::{
        AppError,
        accounts::{VerifyEmail, link_usable},
    },
    components::ErrorBanner,
    paths,
    text::use_words,
};

/// The link of the mail: shows a button, and only the button uses the link up (mail scanners open links).
#[component]
pub fn VerifyPage() -> impl IntoView {
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let usable = Resource::new(move || token.get(), link_usable);
    let action = ServerAction::<VerifyEmail>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let is_usable = usable.await.unwrap_or(false) && failed.get() != Some(AppError::LinkInvalid);
                if is_usable {
                    Either::Left(view! { <Confirm action=action token=token.get() failed=failed /> })
                } else {
                    Either::Right(view! { <Invalid /> })
                }
            })}
        </Suspense>
    }
}

#[component]
fn Confirm(action: ServerAction<VerifyEmail>, token: String, failed: Signal<Option<AppError>>) -> impl IntoView {
    let words = use_words();
    view! {
        <AuthFrame title=words.verify_title>
            <p>{words.verify_text}</p>
            <ErrorBanner error=failed />
            <ActionForm action=action>
                <input type="hidden" name="token" value=token />
                <button class="button button--primary button--wide" type="submit">
                    {words.verify_button}
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
            <p>{words.link_invalid_text}</p>
            <p class="row">
                <a class="button button--primary" href=paths::LOG_IN>
                    {words.log_in}
                </a>
                <a class="button" href=paths::RESEND>
                    {words.resend}
                </a>
            </p>
        </AuthFrame>
    }
}
