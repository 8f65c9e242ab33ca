use leptos::prelude::*;

use super::frame::AuthFrame;
use crate::{paths, text::use_words};

/// 이용약관
#[component]
pub fn TermsPage() -> impl IntoView {
    let words = use_words();
    view! { <Text title=words.terms text=words.terms_body /> }
}

/// 개인정보 수집 및 이용
#[component]
pub fn PrivacyPage() -> impl IntoView {
    let words = use_words();
    view! { <Text title=words.privacy text=words.privacy_body /> }
}

#[component]
fn Text(title: &'static str, text: &'static str) -> impl IntoView {
    let words = use_words();
    view! {
        <AuthFrame title=title>
            <p>{text}</p>
            <p>
                <a href=paths::SIGN_UP>{words.sign_up}</a>
            </p>
        </AuthFrame>
    }
}
