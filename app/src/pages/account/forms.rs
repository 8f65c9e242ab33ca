use leptos::prelude::*;

use crate::{
    api::{
        AppError,
        echo::typed_before,
        own_account::{AskForEmail, ChangePassword as ChangePasswordAction},
    },
    components::{ErrorBanner, TextField},
    pages::auth::{NewPasswords, field_error},
    text::use_words,
};

/// 비밀번호 변경
#[component]
pub fn ChangePassword() -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<ChangePasswordAction>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <section class="card" aria-labelledby="change-password">
            <div class="card-head">
                <h2 id="change-password">{words.change_password}</h2>
            </div>
            <p class="kv-note">{words.change_password_text}</p>
            <ErrorBanner error=failed />
            <ActionForm action=action attr:novalidate=true attr:class="stack">
                <TextField
                    id="current"
                    name="form[current]"
                    label=words.current_password
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    value=RwSignal::new(String::new())
                    error=field_error(failed, "current")
                />
                <NewPasswords form="form" failed=failed />
                <button class="button button--primary" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                    {words.change_password}
                </button>
            </ActionForm>
        </section>
    }
}

/// 이메일 변경
#[component]
pub fn ChangeEmail() -> impl IntoView {
    let words = use_words();
    let action = ServerAction::<AskForEmail>::new();
    let failed: Signal<Option<AppError>> = Signal::derive(move || action.value().get().and_then(Result::err));
    let email = RwSignal::new(String::new());
    // Of a refused form only: elsewhere the address was typed for something else.
    let typed = Resource::new(
        move || failed.get_untracked().is_some(),
        async |is_refused| {
            if is_refused { typed_before().await.unwrap_or_default().email } else { String::new() }
        },
    );
    view! {
        <section class="card" aria-labelledby="change-email">
            <div class="card-head">
                <h2 id="change-email">{words.change_email}</h2>
            </div>
            <p class="kv-note">{words.change_email_text}</p>
            <ErrorBanner error=failed />
            <ActionForm action=action attr:novalidate=true attr:class="stack">
                <Suspense>
                    {move || Suspend::new(async move {
                        let before = typed.await;
                        if email.with_untracked(String::is_empty) {
                            email.set(before);
                        }
                        view! {
                            <TextField
                                id="new-email"
                                name="form[email]"
                                label=words.new_email
                                kind="email"
                                autocomplete="email"
                                required=true
                                value=email
                                error=field_error(failed, "email")
                            />
                        }
                    })}
                </Suspense>
                <TextField
                    id="current-for-email"
                    name="form[current]"
                    label=words.current_password
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    value=RwSignal::new(String::new())
                    error=field_error(failed, "current")
                />
                <button class="button button--primary" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                    {words.change_email}
                </button>
            </ActionForm>
        </section>
    }
}
