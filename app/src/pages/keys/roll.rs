//! API Secret 교체: the form. Its answer is a page of its own.

use domain::api_secret::Overlap;
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;

use super::form::{PasswordAgain, SecretFormTop, error_beside, use_refused};
use crate::{
    api::keys::{RollStart, load_roll},
    components::{Banner, FieldMessage, Required, Tone},
    pages::console::{PageError, PageHead},
    paths,
    text::{use_key_words, use_words},
};

#[component]
pub fn RollPage() -> impl IntoView {
    let keys = use_key_words();
    let (params, refused) = (use_params_map(), use_refused());
    let kid = Memo::new(move |_| params.with(|params| params.get("kid").unwrap_or_default()));
    let start = Resource::new(move || (kid.get(), refused.get()), |(kid, refused)| load_roll(kid, refused));
    view! {
        <PageHead title=keys.roll_title lead=keys.roll_lead />
        <Transition>
            {move || Suspend::new(async move {
                match start.await {
                    Ok(start) => Either::Left(view! { <Form start=start /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Form(start: RollStart) -> impl IntoView {
    let (words, keys) = (use_words(), use_key_words());
    let RollStart { secret, overlap, start } = start;
    if !secret.is_live {
        return Either::Left(view! {
            <Banner tone=Tone::Caution title=keys.over_already>
                <p>
                    <a href=paths::KEYS_V2>{keys.to_list}</a>
                </p>
            </Banner>
        });
    }
    let choices = Overlap::ALL
        .into_iter()
        .map(|this| {
            let hours = this.hours();
            let text = if hours == 0 { keys.at_once.to_owned() } else { format!("{hours}{}", keys.hour) };
            view! {
                <label class="choice">
                    <input type="radio" name="overlap" value=hours.to_string() checked=overlap == hours.to_string() />
                    <span>{text}</span>
                </label>
            }
        })
        .collect_view();
    Either::Right(view! {
        <form class="card stack narrow" method="post" action=paths::roll_secret(&secret.kid) novalidate>
            <SecretFormTop start=start.clone() />
            <p class="row">
                <strong>{secret.name}</strong>
                <code>{format!("chv2_{}_…", secret.kid)}</code>
            </p>
            <fieldset class="field" aria-describedby="overlap-error">
                <legend class="field-label">{keys.overlap} <Required /></legend>
                <div class="choices choices--small">{choices}</div>
                <FieldMessage id="overlap-error" error=error_beside(start.error.as_ref(), "overlap") />
                <p class="field-help">{keys.overlap_help}</p>
            </fieldset>
            <PasswordAgain start=start />
            <div class="form-actions">
                <a class="button" href=paths::KEYS_V2>
                    {words.cancel}
                </a>
                <button class="button button--primary" type="submit">
                    {keys.roll}
                </button>
            </div>
        </form>
    })
}
