use domain::id::ProviderId;
use leptos::prelude::*;

use crate::assets::asset;

/// A symbol of `public/icons.svg`, for the eye only.
#[component]
pub fn Icon(name: &'static str, #[prop(optional)] small: bool, #[prop(optional)] class: &'static str) -> impl IntoView {
    let size = if small { " icon--small" } else { "" };
    view! {
        <svg class=format!("icon{size} {class}") aria-hidden="true">
            <use_ href=format!("{}#{name}", asset("/icons.svg")) />
        </svg>
    }
}

/// The mark of a provider, drawn by us.
#[component]
pub fn Mark(provider: ProviderId, #[prop(optional)] large: bool) -> impl IntoView {
    let (class, size) = if large { ("mark mark--large", "32") } else { ("mark", "24") };
    view! { <img class=class src=asset(&format!("/marks/{provider}.svg")) alt="" width=size height=size /> }
}
