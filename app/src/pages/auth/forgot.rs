use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{email_input::EmailInput, frame::AuthFrame};
use crate::{
    api::{echo::typed_before, own_account::ForgotPassword},
    components::{Banner, Tone},
    paths,
    text::use_words,
};

/// 비밀번호 찾기. Says the same for every address.
#[component]
pub fn ForgotPasswordPage() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let typed = Resource::new(|| (), |()| typed_before());
    view! {
        {move || {
            if query.with(|query| query.get("sent").is_some()) {
                Either::Left(view! { <Sent /> })
            } else {
                Either::Right(
                    view! {
                        <AuthFrame title=words.forgot_title>
                            <p>{words.forgot_lead}</p>
                            <Suspense>
                                {move || Suspend::new(async move {
                                    view! { <Inputs email=typed.await.unwrap_or_default().email /> }
                                })}
                            </Suspense>
                            <p>
                                <a href=paths::LOG_IN>{words.log_in}</a>
                            </p>
                        </AuthFrame>
                    },
                )
            }
        }}
    }
}

#[component]
fn Sent() -> impl IntoView {
    let words = use_words();
    view! {
        <AuthFrame title=words.forgot_sent_title>
            <p>{words.forgot_sent_text}</p>
            <Banner tone=Tone::Info>
                <p>{words.forgot_sent_hint}</p>
            </Banner>
            <p class="row">
                <a class="button" href=paths::LOG_IN>
                    {words.log_in}
                </a>
                <a class="button button--ghost" href=paths::FORGOT_PASSWORD>
                    {words.forgot_again}
                </a>
            </p>
        </AuthFrame>
    }
}

#[component]
fn Inputs(email: String) -> impl IntoView {
    let action = ServerAction::<ForgotPassword>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <ActionForm action=action attr:novalidate=true attr:class="stack">
            <EmailInput email=email failed=failed button=use_words().forgot_button />
        </ActionForm>
    }
}
