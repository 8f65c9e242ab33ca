use domain::{
    home::{By, RecentChange},
    member::{Permission, Role},
};
use leptos::prelude::*;

use crate::{
    paths,
    text::{action_text, ago, kst, use_home_words, use_lang, use_words},
};

/// What was done lately, as far as the member may see it.
#[component]
pub fn Lately(changes: Vec<RecentChange>, now: i64, role: Role) -> impl IntoView {
    let words = use_home_words();
    let none = changes.is_empty().then(|| view! { <p class="kv-note">{words.nothing}</p> });
    let rows = changes.into_iter().map(|change| view! { <Line change=change now=now /> }).collect_view();
    view! {
        <section class="card stack" aria-labelledby="home-recent">
            <div class="card-head">
                <h2 id="home-recent">{words.recent}</h2>
                {role.may(Permission::ManageMembers).then(|| view! { <a href=paths::AUDIT>{use_words().trail}</a> })}
            </div>
            {none}
            <ul class="home-lines">{rows}</ul>
        </section>
    }
}

#[component]
fn Line(change: RecentChange, now: i64) -> impl IntoView {
    let (words, lang, page) = (use_home_words(), use_lang(), use_words());
    let who = match change.by {
        By::Oneself => words.me.to_owned(),
        By::Member(email) => email,
        By::ApiSecret(kid) => format!("{} {kid}", page.api_secret),
        By::Elsewhere => words.elsewhere.to_owned(),
    };
    view! {
        <li class="home-line">
            <span>
                <span>{action_text(lang, &change.action)}</span>
                {change
                    .channel
                    .map(|(key, name)| {
                        view! {
                            " "
                            <a href=paths::channel(key)>{name}</a>
                        }
                    })}
            </span>
            <span class="kv-note home-when">
                {who} " · " <span title=kst(change.at)>{ago(lang, now, change.at)}</span>
            </span>
        </li>
    }
}
