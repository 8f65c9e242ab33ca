use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{field_error, frame::AuthFrame};
use crate::{
    api::{
        accounts::SignUp,
        echo::{Typed, typed_before},
    },
    components::{Banner, CheckField, ErrorBanner, TextField, Tone},
    paths,
    text::use_words,
};

/// 회원가입, and afterwards where to look for the mail.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let is_sent = move || query.with(|query| query.get("sent").is_some());
    view! {
        {move || {
            if is_sent() {
                Either::Left(
                    view! {
                        <AuthFrame title=words.sent_title>
                            <p>{words.sent_text}</p>
                            <Banner tone=Tone::Info>
                                <p>{words.sent_hint}</p>
                            </Banner>
                            <p class="row">
                                <a class="button" href=paths::RESEND>
                                    {words.resend}
                                </a>
                                <a class="button button--ghost" href=paths::LOG_IN>
                                    {words.log_in}
                                </a>
                            </p>
                        </AuthFrame>
                    },
                )
            } else {
                Either::Right(view! { <SignUpForm /> })
            }
        }}
    }
}

#[component]
fn SignUpForm() -> impl IntoView {
    let words = use_words();
    let typed = Resource::new(|| (), |()| typed_before());
    view! {
        <AuthFrame title=words.sign_up_title>
            <Suspense>
                {move || Suspend::new(async move {
                    view! { <Inputs typed=typed.await.unwrap_or_default() /> }
                })}
            </Suspense>
            <p>{words.have_account} " " <a href=paths::LOG_IN>{words.log_in}</a></p>
        </AuthFrame>
    }
}

#[component]
fn Inputs(typed: Typed) -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<SignUp>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    let error_of = move |field| field_error(failed, field);
    view! {
        <ErrorBanner error=failed />
        <ActionForm action=action attr:novalidate=true attr:class="stack">
            <TextField
                id="email"
                name="form[email]"
                label=words.email
                kind="email"
                autocomplete="username"
                required=true
                value=RwSignal::new(typed.email)
                error=error_of("email")
            >
                <p class="field-help">{words.email_help}</p>
            </TextField>
            <TextField
                id="password"
                name="form[password]"
                label=words.password
                kind="password"
                autocomplete="new-password"
                required=true
                value=RwSignal::new(String::new())
                error=error_of("password")
            >
                <p class="field-help">{words.password_help}</p>
            </TextField>
            <TextField
                id="password-again"
                name="form[password_again]"
                label=words.password_again
                kind="password"
                autocomplete="new-password"
                required=true
                value=RwSignal::new(String::new())
                error=error_of("password_again")
            />
            <fieldset class="field card">
                <legend class="visually-hidden">{words.consents}</legend>
                <div class="stack stack--tight">
                    <CheckField id="terms" name="form[terms]" checked=typed.terms error=error_of("terms")>
                        {words.required_mark}
                        " "
                        <a href=paths::TERMS target="_blank">
                            {words.terms}
                        </a>
                        {words.agree_suffix}
                    </CheckField>
                    <CheckField id="privacy" name="form[privacy]" checked=typed.privacy error=error_of("privacy")>
                        {words.required_mark}
                        " "
                        <a href=paths::PRIVACY target="_blank">
                            {words.privacy}
                        </a>
                        {words.agree_suffix}
                    </CheckField>
                    <CheckField id="marketing" name="form[marketing]" checked=typed.marketing error=Signal::stored(None::<String>)>
                        {words.optional_mark}
                        " "
                        {words.marketing}
                        {words.agree_suffix}
                    </CheckField>
                    <p class="field-help">{words.marketing_note}</p>
                </div>
            </fieldset>
            <button class="button button--primary button--wide" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                {words.sign_up}
            </button>
        </ActionForm>
    }
}
