//! What a live channel's page tells of its contract: 카드사 심사, without which payments are refused.

use domain::application::{Reviewed, view::ContractSummary};
use leptos::{either::Either, prelude::*};

use super::StateChip;
use crate::{
    api::AppError,
    components::When,
    paths,
    text::{issuer_text, review_text, use_application_words, use_lang},
};

/// Nothing for a channel without an application, and for who may not see it.
#[component]
pub fn ContractOfChannel(found: Resource<Result<Option<ContractSummary>, AppError>>) -> impl IntoView {
    let words = use_application_words();
    let section = move || {
        Suspend::new(async move {
            let contract = found.await.ok().flatten()?;
            let reviews = contract.details.map(|details| details.reviews).unwrap_or_default();
            Some(view! {
                <section class="card stack" aria-labelledby="channel-reviews">
                    <div class="card-head">
                        <h2 id="channel-reviews">{words.reviews}</h2>
                        <StateChip state=contract.state />
                    </div>
                    <p class="field-help">{words.reviews_of_module}</p>
                    <Reviews reviews=reviews />
                    <p>
                        <a href=paths::contract(contract.id)>{words.see_application}</a>
                    </p>
                </section>
            })
        })
    };
    view! { <Transition>{section}</Transition> }
}

/// Each issuer with its state.
#[component]
pub fn Reviews(reviews: Vec<Reviewed>) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    if reviews.is_empty() {
        return Either::Left(view! { <p class="field-help">{words.reviews_none}</p> });
    }
    let rows = reviews
        .into_iter()
        .map(|Reviewed { issuer, review, at }| {
            let class = match review {
                domain::application::Review::Pending => "chip chip--awaited",
                domain::application::Review::Approved => "chip chip--applied",
                domain::application::Review::Rejected => "chip chip--refused",
            };
            view! {
                <dt>{issuer_text(lang, issuer)}</dt>
                <dd>
                    <span class=class>{review_text(lang, review)}</span>
                    " "
                    <span class="kv-note"><When at=at /></span>
                </dd>
            }
        })
        .collect_view();
    Either::Right(view! { <dl class="kv">{rows}</dl> })
}
