//! Every component in every state, for whoever builds pages. Only in builds with debug assertions: a release has no such page.

mod controls;
mod surfaces;

use leptos::prelude::*;
use leptos_meta::Title;

use self::{
    controls::{Buttons, Choices, Fields},
    surfaces::{Banners, Cards, Chips, Dialogs, Marks, Text, Values, Ways},
};
use crate::{components::Switches, text::use_lang};

#[component]
pub fn StyleguidePage() -> impl IntoView {
    let words = use_lang().styleguide();
    view! {
        <Title text=format!("{} · Channel Console", words.title) />
        <main class="page" id="main">
            <div class="page-head">
                <div>
                    <h1>{words.title}</h1>
                    <p class="page-lead">{words.lead}</p>
                </div>
                <div class="page-actions">
                    <Switches />
                </div>
            </div>
            <Text />
            <Buttons />
            <Fields />
            <Choices />
            <Chips />
            <Banners />
            <Values />
            <Cards />
            <Ways />
            <Dialogs />
            <Marks />
        </main>
    }
}

/// One family of components.
#[component]
fn Section(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="card stack">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}
