//! 내 계정: address, password, and where one is logged in.

mod forms;
mod sessions;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use forms::{ChangeEmail, ChangePassword};
use sessions::Sessions;

use crate::{
    components::{Banner, Tone},
    pages::console::PageHead,
    routes::Account,
    text::{role_text, use_lang, use_words},
};

#[component]
pub fn AccountPage() -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let account: Account = expect_context();
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(|query| query.get("done").unwrap_or_default()));
    let person = move || {
        Suspend::new(async move {
            let viewer = account.person().await?;
            let store = viewer.sub_stores().find(|_| viewer.is_limited()).map(|store| store.name.clone());
            Some(view! {
                <section class="card">
                    <dl class="kv">
                        <dt>{words.email}</dt>
                        <dd>{viewer.email.clone()}</dd>
                        <dt>{words.role}</dt>
                        <dd>{role_text(lang, viewer.role)} {store.map(|name| format!(" · {name}"))}</dd>
                    </dl>
                </section>
            })
        })
    };
    view! {
        <PageHead title=words.my_account />
        <Done done=done />
        <Transition>{person}</Transition>
        <div class="halves">
            <ChangePassword />
            <ChangeEmail />
        </div>
        <Sessions done=done />
    }
}

/// What has just been done, after the redirect.
#[component]
fn Done(done: Memo<String>) -> impl IntoView {
    let words = use_words();
    move || {
        let (title, text) = match done.get().as_str() {
            "password" => (words.password_done, words.password_done_text),
            "email-asked" => (words.email_asked, words.email_asked_text),
            "email" => (words.email_done, ""),
            "session" => (words.session_done, ""),
            _ => return None,
        };
        Some(view! {
            <Banner tone=Tone::Success title=title>
                {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            </Banner>
        })
    }
}
