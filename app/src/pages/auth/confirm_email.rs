use leptos::prelude::*;

use super::{
    frame::AuthFrame,
    link::{LinkGate, LinkOver, link_token},
};
use crate::{
    api::own_account::{ConfirmEmail, email_link_usable},
    components::ErrorBanner,
    paths,
    routes::Account,
    text::use_words,
};

/// The link to a new address.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let token = link_token();
    let usable = Resource::new(move || token.get(), email_link_usable);
    let action = ServerAction::<ConfirmEmail>::new();
    account.reload_after(action);
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <LinkGate usable=usable failed=failed over=Over>
            <AuthFrame title=words.confirm_email_title>
                <p>{words.confirm_email_text}</p>
                <ErrorBanner error=failed />
                <ActionForm action=action>
                    <input type="hidden" name="token" value=token.get_untracked() />
                    <button class="button button--primary button--wide" type="submit">
                        {words.confirm_email_button}
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
            <a class="button button--primary" href=paths::ACCOUNT>
                {words.my_account}
            </a>
        </LinkOver>
    }
}
