use leptos::prelude::*;

use super::Icon;
use crate::{
    api::AppError,
    text::{app_error_text, use_lang},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    Caution,
    Error,
    Success,
}

/// A message above or between content.
#[component]
pub fn Banner(
    tone: Tone,
    #[prop(into, optional)] title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (class, icon, role) = match tone {
        Tone::Info => ("banner banner--info", "info", "note"),
        Tone::Caution => ("banner banner--caution", "alert", "note"),
        Tone::Error => ("banner banner--error", "alert", "alert"),
        Tone::Success => ("banner banner--success", "check", "status"),
    };
    view! {
        <div class=class role=role>
            <Icon name=icon />
            <div>
                {(!title.is_empty()).then(|| view! { <p class="banner-title">{title}</p> })}
                {children.map(|children| children())}
            </div>
        </div>
    }
}

/// Why a request was refused, when it was.
#[component]
pub fn ErrorBanner(#[prop(into)] error: Signal<Option<AppError>>) -> impl IntoView {
    let lang = use_lang();
    move || error.get().map(|error| view! { <Banner tone=Tone::Error title=app_error_text(lang, &error) /> })
}
