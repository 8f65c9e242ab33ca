//! 전자결제 신청: from "we have a business" to "these PGs, in this state".

mod business;
mod channel;
mod choose;
mod contract;
mod home;
mod inputs;
mod intro;
mod overview;
mod pgs;
mod summary;

pub use business::BusinessPage;
pub use channel::ContractOfChannel;
pub use contract::ContractPage;
pub use home::ApplicationStates;
use leptos::prelude::*;
pub use overview::ApplicationPage;
pub use pgs::NewPgPage;
pub use summary::SummaryPage;

use crate::{
    components::Mark,
    paths,
    text::{application_state_text, use_application_words, use_lang},
};
use domain::application::{State, view::ContractSummary};

/// How far an application is.
#[component]
fn StateChip(state: State) -> impl IntoView {
    let class = match state {
        State::Draft => "chip chip--old",
        State::Submitted | State::InReview => "chip chip--payment",
        State::ChangesRequested => "chip chip--awaited",
        State::Contracted => "chip chip--applied",
        State::Rejected => "chip chip--refused",
    };
    view! { <span class=class>{application_state_text(use_lang(), state)}</span> }
}

/// The way back to the first page.
#[component]
fn Back() -> impl IntoView {
    let words = use_application_words();
    view! {
        <p class="row">
            <a href=paths::APPLICATION>
                {words.back}
            </a>
        </p>
    }
}

/// PG and module of an application.
#[component]
fn PgName(contract: ContractSummary) -> impl IntoView {
    view! {
        <span class="application-pg">
            <Mark provider=contract.provider />
            <strong>{contract.provider_name}</strong>
            <span class="kv-note">{contract.module_label}</span>
        </span>
    }
}
