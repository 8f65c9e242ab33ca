use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{Icon, Switches},
    paths,
    text::use_words,
};

/// What the pages in front of the login have around them.
#[component]
pub fn AuthFrame(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let words = use_words();
    view! {
        <Title text=format!("{title} · Channel Console") />
        <a class="skip-link" href="#main">
            {words.skip_to_content}
        </a>
        <div class="auth">
            <header class="auth-brand">
                <span class="auth-logo">
                    <img src=crate::assets::asset("/logo.svg") alt="" width="32" height="32" />
                    {words.product}
                </span>
                <div class="auth-pitch">
                    <h2>{words.pitch_1} <br /> {words.pitch_2}</h2>
                    <ul class="auth-points">
                        <li>
                            <Icon name="lock" />
                            {words.point_secrets}
                        </li>
                        <li>
                            <Icon name="list" />
                            {words.point_versions}
                        </li>
                        <li>
                            <Icon name="plug" />
                            {words.point_test}
                        </li>
                    </ul>
                </div>
            </header>
            <main class="auth-main" id="main">
                <div class="auth-card stack">
                    <h1>{title}</h1>
                    {children()}
                </div>
                <div class="auth-foot">
                    <span class="row">
                        <a href=paths::TERMS>{words.terms}</a>
                        <a href=paths::PRIVACY>{words.privacy}</a>
                    </span>
                    <Switches />
                </div>
            </main>
        </div>
    }
}
