use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{frame::AuthFrame, passwords::NewPasswords};
use crate::{
    api::{
        AppError,
        own_account::{ResetPassword, reset_link_usable},
    },
    components::ErrorBanner,
    paths,
    text::use_words,
};

/// The link of 비밀번호 찾기: only the button uses it up.
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let usable = Resource::new(move || token.get(), reset_link_usable);
    let action = ServerAction::<ResetPassword>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    let is_over = Memo::new(move |_| failed.get() == Some(AppError::LinkInvalid));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let is_usable = usable.await.unwrap_or(false) && !is_over.get();
                if is_usable {
                    Either::Left(view! { <Choose action=action token=token.get_untracked() failed=failed /> })
                } else {
                    Either::Right(view! { <Invalid /> })
                }
            })}
        </Suspense>
    }
}

#[component]
fn Choose(action: ServerAction<ResetPassword>, token: String, failed: Signal<Option<AppError>>) -> impl IntoView {
    let words = use_words();
    view! {
        <AuthFrame title=words.reset_title>
            <p>{words.reset_text}</p>
            <ErrorBanner error=failed />
            <ActionForm action=action attr:novalidate=true attr:class="stack">
                <input type="hidden" name="token" value=token />
                <NewPasswords form="form" failed=failed />
                <button
                    class="button button--primary button--wide"
                    type="submit"
                    aria-busy=move || action.pending().get().then_some("true")
                >
                    {words.reset_button}
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
                <a class="button button--primary" href=paths::FORGOT_PASSWORD>
                    {words.forgot_again}
                </a>
                <a class="button" href=paths::LOG_IN>
                    {words.log_in}
                </a>
            </p>
        </AuthFrame>
    }
}
