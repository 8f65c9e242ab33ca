//! How far the payment cores are with a channel, on the channel's page.

use std::time::Duration;

use domain::receipt::{Receipt, SecretRead};
use leptos::{either::Either, prelude::*};

use crate::{
    api::{AppError, cores::ChannelCores},
    text::{node_text, receipt_text, secret_read_text, use_lang, use_words},
};

/// So often it is asked again whether the last change has arrived.
const TRIES: u32 = 30;

/// The payment cores' word on the last change, and their reads of the secrets. Alive, it follows until every core that
/// counts has the change.
#[component]
pub fn CoresOf(cores: Resource<Result<ChannelCores, AppError>>) -> impl IntoView {
    let words = use_words();
    Effect::new(move |tries: Option<u32>| {
        let tries = tries.unwrap_or_default();
        let is_awaited = cores
            .get()
            .and_then(Result::ok)
            .is_some_and(|cores| cores.receipt.alive().next().is_some() && !cores.receipt.is_complete());
        if is_awaited && tries < TRIES {
            set_timeout(move || cores.refetch(), Duration::from_secs(1));
        }
        tries + 1
    });
    let told = move || {
        Suspend::new(async move {
            // What else is on the page is the more important: an error here is no reason to hide it.
            cores.await.ok().map(|ChannelCores { receipt, reads }| {
                view! {
                    <dl class="kv">
                        <dt>{words.cores_state}</dt>
                        <dd>
                            <div role="status">
                                <Applied receipt=receipt />
                            </div>
                        </dd>
                        <dt>{words.secret_reads}</dt>
                        <dd>
                            <Reads reads=reads />
                        </dd>
                    </dl>
                }
            })
        })
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.cores}</h2>
                <span class="kv-note">{words.cores_note}</span>
            </div>
            <Transition>{told}</Transition>
        </section>
    }
}

#[component]
fn Applied(receipt: Receipt) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let chip = match receipt_text(lang, &receipt) {
        Some(text) if receipt.is_complete() => Either::Left(view! { <span class="chip chip--applied">{text}</span> }),
        Some(text) => Either::Left(view! { <span class="chip chip--awaited">{text}</span> }),
        None => Either::Right(view! { <span class="kv-note">{words.cores_none}</span> }),
    };
    let others = receipt.nodes.iter().filter_map(|node| node_text(lang, node));
    let others = others.map(|text| view! { <li class="kv-note">{text}</li> }).collect_view();
    view! {
        {chip}
        <ul class="plain-list">{others}</ul>
    }
}

#[component]
fn Reads(reads: Vec<SecretRead>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    if reads.is_empty() {
        return Either::Left(view! { <span class="kv-note">{words.secret_reads_none}</span> });
    }
    let lines = reads.iter().map(|read| view! { <li>{secret_read_text(lang, read)}</li> }).collect_view();
    Either::Right(view! { <ul class="plain-list">{lines}</ul> })
}
