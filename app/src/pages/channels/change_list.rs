//! What lies between two versions, field by field. Of secrets only whether: set, replaced, removed.

use domain::{channel::history::VersionChange, trail::Trace};
use leptos::prelude::*;

use crate::{
    components::Icon,
    routes::Account,
    text::{Lang, field_label, use_channel_words, use_lang, use_words, value_text},
};

#[component]
pub fn ChangeList(changes: Vec<VersionChange>, mid_label: String) -> impl IntoView {
    let rows = changes
        .into_iter()
        .map(|change| {
            let label = label_of(use_lang(), &change, &mid_label);
            view! {
                <dt>{label}</dt>
                <dd>
                    <Change change=change />
                </dd>
            }
        })
        .collect_view();
    view! { <dl class="changes">{rows}</dl> }
}

fn label_of(lang: Lang, change: &VersionChange, mid_label: &str) -> String {
    let theirs = if change.label.is_empty() { change.field.as_str() } else { change.label.as_str() };
    field_label(lang, &change.field, mid_label).unwrap_or(theirs).to_owned()
}

#[component]
fn Change(change: VersionChange) -> impl IntoView {
    let channel = use_channel_words();
    let is_secret = [&change.before, &change.after].into_iter().any(|side| matches!(side, Some(Trace::Secret { .. })));
    if is_secret {
        let (class, text) = match (&change.before, &change.after) {
            (None, _) => ("chip chip--secret-set", channel.secret_set),
            (Some(_), Some(_)) => ("chip chip--awaited", channel.secret_replaced),
            (Some(_), None) => ("chip chip--secret-unset", channel.secret_removed),
        };
        return view! { <span class=class>{text}</span> }.into_any();
    }
    let side = |side: Option<Trace>| match side {
        Some(Trace::Value(value)) => view! { <Value field=change.field.clone() value=value /> }.into_any(),
        _ => view! { <span class="kv-note">{channel.blank}</span> }.into_any(),
    };
    let before = change.before.clone().map(|before| {
        view! {
            <del>
                <span class="visually-hidden">{channel.changed_from} " "</span>
                {side(Some(before))}
            </del>
            <Icon name="chevron-right" small=true />
            <span class="visually-hidden">{channel.changed_to} " "</span>
        }
    });
    view! {
        {before}
        {side(change.after.clone())}
    }
    .into_any()
}

/// A public value in words, where it is one of ours.
#[component]
fn Value(field: String, value: String) -> impl IntoView {
    if field == "store" {
        return view! { <StoreName id=value /> }.into_any();
    }
    match value_text(use_lang(), &field, &value) {
        Some(text) => view! { <span>{text}</span> }.into_any(),
        None => view! { <code>{value}</code> }.into_any(),
    }
}

/// A store by its name, where whoever looks may know it.
#[component]
fn StoreName(id: String) -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let name = move || {
        let id = id.clone();
        Suspend::new(async move {
            let stores = account.person().await.map(|viewer| viewer.stores).unwrap_or_default();
            let found = stores.into_iter().find(|store| store.id.to_string() == id);
            found.map_or(id, |store| if store.is_primary { words.primary_store.to_owned() } else { store.name })
        })
    };
    view! { <Transition>{name}</Transition> }
}
