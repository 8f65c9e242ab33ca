use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::frame::AuthFrame;
use crate::{
    api::accounts::ResendVerification,
    components::{Banner, ErrorBanner, TextField, Tone},
    paths,
    text::{ErrorContext, error_text, use_lang, use_words},
};

/// 인증 메일 다시 보내기. Says the same for every address.
#[component]
pub fn ResendPage() -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let query = use_query_map();
    let action = ServerAction::<ResendVerification>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    let error = Signal::derive(move || {
        let failed = failed.get()?;
        failed.fields()?.of("email").map(|code| error_text(lang, code, &ErrorContext::default()))
    });
    view! {
        <AuthFrame title=words.resend_title>
            <Show when=move || query.with(|query| query.get("sent").is_some())>
                <Banner tone=Tone::Success>
                    <p>{words.resend_done}</p>
                </Banner>
            </Show>
            <p>{words.resend_lead}</p>
            <ErrorBanner error=failed />
            <ActionForm action=action attr:novalidate=true attr:class="stack">
                <TextField
                    id="email"
                    name="email"
                    label=words.email
                    kind="email"
                    autocomplete="username"
                    value=RwSignal::new(String::new())
                    error=error
                />
                <button class="button button--primary button--wide" type="submit">
                    {words.resend}
                </button>
            </ActionForm>
            <p>
                <a href=paths::LOG_IN>{words.log_in}</a>
            </p>
        </AuthFrame>
    }
}
