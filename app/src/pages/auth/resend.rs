use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{email_input::EmailInput, frame::AuthFrame};
use crate::{
    api::{accounts::ResendVerification, echo::typed_before},
    components::{Banner, Tone},
    paths,
    text::use_words,
};

/// 인증 메일 다시 보내기. Says the same for every address.
#[component]
pub fn ResendPage() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let typed = Resource::new(|| (), |()| typed_before());
    view! {
        <AuthFrame title=words.resend_title>
            <Show when=move || query.with(|query| query.get("sent").is_some())>
                <Banner tone=Tone::Success>
                    <p>{words.resend_done}</p>
                </Banner>
            </Show>
            <p>{words.resend_lead}</p>
            <Suspense>
                {move || Suspend::new(async move {
                    view! { <Inputs email=typed.await.unwrap_or_default().email /> }
                })}
            </Suspense>
            <p>
                <a href=paths::LOG_IN>{words.log_in}</a>
            </p>
        </AuthFrame>
    }
}

#[component]
fn Inputs(email: String) -> impl IntoView {
    let action = ServerAction::<ResendVerification>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <ActionForm action=action attr:novalidate=true attr:class="stack">
            <EmailInput email=email failed=failed button=use_words().resend />
        </ActionForm>
    }
}
