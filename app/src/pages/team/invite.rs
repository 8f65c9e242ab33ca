use domain::team::InviteForm;
use leptos::{either::Either, prelude::*};

use super::{grantable, limits};
use crate::{
    api::{
        refused::{Start, refused_by},
        team::Invite as InviteAction,
        viewer::Viewer,
    },
    components::{ErrorBanner, Icon, SelectField, TextField},
    pages::auth::field_error,
    text::{use_lang, use_words},
};

/// 계정 초대
#[component]
pub fn Invite(viewer: Viewer, start: Start<InviteForm>) -> impl IntoView {
    let words = use_words();
    view! {
        <section class="card" aria-labelledby="invite">
            <div class="card-head">
                <h2 id="invite">{words.invite}</h2>
            </div>
            <Inputs viewer=viewer start=start />
        </section>
    }
}

#[component]
fn Inputs(viewer: Viewer, start: Start<InviteForm>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let action = ServerAction::<InviteAction>::new();
    let failed = refused_by(action, start.refusal());
    let (email, memo) = (RwSignal::new(start.form.email), RwSignal::new(start.form.memo));
    Effect::new(move |_| {
        if action.value().get().is_some_and(|outcome| outcome.is_ok()) {
            email.set(String::new());
            memo.set(String::new());
        }
    });
    let role = if start.form.role.is_empty() { "viewer".to_owned() } else { start.form.role };
    let stores = limits(&viewer, words);
    let store = if stores.len() > 1 {
        Either::Left(view! {
            <SelectField
                id="invite-store"
                name="form[store]"
                label=words.limit
                options=stores
                selected=start.form.store
                error=field_error(failed, "store")
            >
                <p class="field-help">{words.limit_help}</p>
            </SelectField>
        })
    } else {
        Either::Right(view! { <input type="hidden" name="form[store]" value="" /> })
    };
    view! {
        <ErrorBanner error=failed />
        <ActionForm action=action attr:novalidate=true attr:class="stack">
            <div class="halves">
                <TextField
                    id="invite-email"
                    name="form[email]"
                    label=words.email
                    kind="email"
                    required=true
                    value=email
                    error=field_error(failed, "email")
                >
                    <p class="field-help">{words.invite_help}</p>
                </TextField>
                <SelectField
                    id="invite-role"
                    name="form[role]"
                    label=words.role
                    options=grantable(viewer.role, lang)
                    selected=role
                    error=field_error(failed, "role")
                >
                    <details class="field-help">
                        <summary>{words.roles_summary}</summary>
                        <p>{words.roles_text}</p>
                    </details>
                </SelectField>
                <TextField
                    id="invite-memo"
                    name="form[memo]"
                    label=words.memo
                    note=words.optional
                    value=memo
                    error=field_error(failed, "memo")
                >
                    <p class="field-help">{words.memo_help}</p>
                </TextField>
                {store}
            </div>
            <button class="button button--primary" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                <Icon name="mail" small=true />
                {words.invite_button}
            </button>
        </ActionForm>
    }
}
