use leptos::prelude::*;

use super::{
    frame::AuthFrame,
    link::{LinkGate, LinkOver, link_token},
};
use crate::{
    api::accounts::{VerifyEmail, link_usable},
    components::ErrorBanner,
    paths,
    text::use_words,
};

/// The link of the mail after 가입.
#[component]
pub fn VerifyPage() -> impl IntoView {
    let words = use_words();
    let token = link_token();
    let usable = Resource::new(move || token.get(), link_usable);
    let action = ServerAction::<VerifyEmail>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <LinkGate usable=usable failed=failed over=Over>
            <AuthFrame title=words.verify_title>
                <p>{words.verify_text}</p>
                <ErrorBanner error=failed />
                <ActionForm action=action>
                    <input type="hidden" name="token" value=token.get_untracked() />
                    <button class="button button--primary button--wide" type="submit">
                        {words.verify_button}
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
        <LinkOver text=words.link_invalid_text>
            <a class="button button--primary" href=paths::LOG_IN>
                {words.log_in}
            </a>
            <a class="button" href=paths::RESEND>
                {words.resend}
            </a>
        </LinkOver>
    }
}
