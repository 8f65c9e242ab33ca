use leptos::prelude::*;

use super::{
    frame::AuthFrame,
    link::{LinkGate, LinkOver, link_token},
    passwords::NewPasswords,
};
use crate::{
    api::own_account::{ResetPassword, reset_link_usable},
    components::ErrorBanner,
    paths,
    text::use_words,
};

/// The link of 비밀번호 찾기.
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let words = use_words();
    let token = link_token();
    let usable = Resource::new(move || token.get(), reset_link_usable);
    let action = ServerAction::<ResetPassword>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <LinkGate usable=usable failed=failed over=Over>
            <AuthFrame title=words.reset_title>
                <p>{words.reset_text}</p>
                <ErrorBanner error=failed />
                <ActionForm action=action attr:novalidate=true attr:class="stack">
                    <input type="hidden" name="token" value=token.get_untracked() />
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
        </LinkGate>
    }
}

#[component]
fn Over() -> impl IntoView {
    let words = use_words();
    view! {
        <LinkOver text=words.short_link_invalid>
            <a class="button button--primary" href=paths::FORGOT_PASSWORD>
                {words.forgot_again}
            </a>
            <a class="button" href=paths::LOG_IN>
                {words.log_in}
            </a>
        </LinkOver>
    }
}
