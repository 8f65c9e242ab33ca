use leptos::{either::Either, prelude::*};

use super::{
    field_error,
    frame::AuthFrame,
    link::{LinkOver, link_is_over, link_token},
    passwords::NewPasswords,
};
use crate::{
    api::{
        AppError,
        echo::{Typed, typed_before},
        team::{AcceptInvitation, Invited, show_invitation},
    },
    components::{CheckField, ErrorBanner},
    paths,
    text::{role_text, use_lang, use_words},
};

/// 초대 수락
#[component]
pub fn InvitationPage() -> impl IntoView {
    let token = link_token();
    let invited = Resource::new(move || token.get(), show_invitation);
    let typed = Resource::new(|| (), |()| typed_before());
    let action = ServerAction::<AcceptInvitation>::new();
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    let is_over = link_is_over(failed);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let typed = typed.await.unwrap_or_default();
                match invited.await.ok().flatten().filter(|_| !is_over.get()) {
                    Some(invited) => {
                        let token = token.get_untracked();
                        Either::Left(view! { <Accept action=action token=token invited=invited typed=typed failed=failed /> })
                    }
                    None => Either::Right(view! { <Over /> }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Accept(
    action: ServerAction<AcceptInvitation>,
    token: String,
    invited: Invited,
    typed: Typed,
    failed: Signal<Option<AppError>>,
) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let error_of = move |field| field_error(failed, field);
    // Ticks of a sign-up are none of this form's.
    let typed = if typed.email.is_empty() { typed } else { Typed::default() };
    view! {
        <AuthFrame title=words.invitation_title>
            <p>{words.invitation_text}</p>
            <dl class="kv">
                <dt>{words.email}</dt>
                <dd>{invited.email}</dd>
                <dt>{words.role}</dt>
                <dd>{role_text(lang, invited.role)}</dd>
            </dl>
            <ErrorBanner error=failed />
            <ActionForm action=action attr:novalidate=true attr:class="stack">
                <input type="hidden" name="token" value=token />
                <NewPasswords form="form" failed=failed />
                <fieldset class="field card">
                    <legend class="visually-hidden">{words.consents}</legend>
                    <div class="stack stack--tight">
                        <CheckField id="terms" name="consents[terms]" checked=typed.terms error=error_of("terms")>
                            {words.required_mark}
                            " "
                            <a href=paths::TERMS target="_blank">
                                {words.terms}
                            </a>
                            {words.agree_suffix}
                        </CheckField>
                        <CheckField id="privacy" name="consents[privacy]" checked=typed.privacy error=error_of("privacy")>
                            {words.required_mark}
                            " "
                            <a href=paths::PRIVACY target="_blank">
                                {words.privacy}
                            </a>
                            {words.agree_suffix}
                        </CheckField>
                        <CheckField
                            id="marketing"
                            name="consents[marketing]"
                            checked=typed.marketing
                            error=Signal::stored(None::<String>)
                        >
                            {words.optional_mark}
                            " "
                            {words.marketing}
                            {words.agree_suffix}
                        </CheckField>
                    </div>
                </fieldset>
                <button
                    class="button button--primary button--wide"
                    type="submit"
                    aria-busy=move || action.pending().get().then_some("true")
                >
                    {words.invitation_button}
                </button>
            </ActionForm>
        </AuthFrame>
    }
}

#[component]
fn Over() -> impl IntoView {
    let words = use_words();
    view! {
        <LinkOver text=words.invitation_invalid>
            <a class="button button--primary" href=paths::LOG_IN>
                {words.log_in}
            </a>
        </LinkOver>
    }
}
