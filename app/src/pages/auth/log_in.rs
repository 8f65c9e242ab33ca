use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{field_error, frame::AuthFrame};
use crate::{
    api::{AppError, accounts::LogIn, echo::typed_before},
    components::{Banner, ErrorBanner, TextField, Tone},
    paths,
    routes::Account,
    text::use_words,
};

/// 로그인
#[component]
pub fn LogInPage() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    // What has just been done elsewhere, after the redirect.
    let done = move || {
        let part = |name: &str| query.with(|query| query.get(name));
        match part("done").as_deref() {
            Some("password") => Some(words.log_in_password),
            Some("email") => Some(words.log_in_email),
            Some("joined") => Some(words.log_in_joined),
            Some("signed-out") => Some(words.log_in_signed_out),
            Some("left") => Some(words.log_in_left),
            _ => part("verified").map(|_| words.verified),
        }
    };
    let typed = Resource::new(|| (), |()| typed_before());
    view! {
        <AuthFrame title=words.log_in>
            {move || done().map(|title| view! { <Banner tone=Tone::Success title=title /> })}
            <Suspense>
                {move || Suspend::new(async move {
                    view! { <Inputs email=typed.await.unwrap_or_default().email /> }
                })}
            </Suspense>
            <p>
                <a href=paths::FORGOT_PASSWORD>{words.forgot_link}</a>
            </p>
            <p>{words.new_here} " " <a href=paths::SIGN_UP>{words.sign_up}</a></p>
        </AuthFrame>
    }
}

#[component]
fn Inputs(email: String) -> impl IntoView {
    let words = use_words();
    let Account { log_in: action, .. } = expect_context();
    let query = use_query_map();
    let next = move || query.with(|query| paths::in_ascii(&query.get("next").unwrap_or_default()));
    // A refused plain form's error is in the URL, and found only by actions made within the route.
    let before = ServerAction::<LogIn>::new().value();
    let failed = Signal::derive(move || action.value().get().or_else(|| before.get()).and_then(Result::err));
    let error_of = move |field| field_error(failed, field);
    view! {
        <ErrorBanner error=failed />
        <Show when=move || failed.get() == Some(AppError::NotVerified)>
            <p>
                <a class="button" href=paths::RESEND>
                    {words.resend}
                </a>
            </p>
        </Show>
        <ActionForm action=action attr:novalidate=true attr:class="stack">
            <input type="hidden" name="next" value=next />
            <TextField
                id="email"
                name="form[email]"
                label=words.email
                kind="email"
                autocomplete="username"
                value=RwSignal::new(email)
                error=error_of("email")
            />
            <TextField
                id="password"
                name="form[password]"
                label=words.password
                kind="password"
                autocomplete="current-password"
                value=RwSignal::new(String::new())
                error=error_of("password")
            />
            <button class="button button--primary button--wide" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                {words.log_in}
            </button>
        </ActionForm>
    }
}
