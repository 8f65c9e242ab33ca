//! 홈: where a merchant stands, and what comes next.

mod lately;
mod steps;

use domain::{
    home::{EndingSecret, Home, ModeCount},
    member::{Permission, Role},
    receipt::CoresState,
};
use leptos::{either::Either, prelude::*};

use self::{lately::Lately, steps::Steps};
use super::{
    application::ApplicationStates,
    console::{PageError, PageHead},
};
use crate::{
    api::{home::load_home, viewer::Viewer},
    components::{Banner, Copy, ModeChip, Tone, When},
    paths,
    routes::Account,
    text::{ending_text, use_home_words, use_lang, use_words},
};

/// 홈
#[component]
pub fn HomePage() -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let home = Resource::new(|| (), |()| load_home());
    let overview = move || {
        Suspend::new(async move {
            let viewer = account.person().await?;
            Some(match home.await {
                Ok(home) => Either::Left(view! { <Overview home=home viewer=viewer /> }),
                Err(error) => Either::Right(view! { <PageError error=error /> }),
            })
        })
    };
    view! {
        <PageHead title=words.home lead=words.home_lead />
        <Transition>{overview}</Transition>
        <ApplicationStates />
    }
}

#[component]
fn Overview(home: Home, viewer: Viewer) -> impl IntoView {
    let role = viewer.role;
    let next = home.next_step();
    let Home { steps, modes, ending, recent, cores, now } = home;
    view! {
        <Silence state=cores />
        {next.map(|next| view! { <Steps steps=steps next=next role=role /> })}
        <div class="columns">
            <div class="stack">
                <Channels modes=modes role=role />
                <Lately changes=recent now=now role=role />
            </div>
            <div class="stack">
                {(!ending.is_empty()).then(|| view! { <Ending secrets=ending role=role /> })}
                <Identifiers viewer=viewer cores=cores />
            </div>
        </div>
    }
}

/// Warns when payment cores that were there are not heard of any more.
#[component]
fn Silence(state: CoresState) -> impl IntoView {
    let words = use_words();
    let CoresState::Silent { since } = state else { return None };
    Some(view! {
        <Banner tone=Tone::Caution title=words.cores_silent>
            <p>{words.cores_silent_text}</p>
            <p>{words.cores_last_seen} " " <When at=since /></p>
        </Banner>
    })
}

/// How many channels of which mode and state there are.
#[component]
fn Channels(modes: Vec<ModeCount>, role: Role) -> impl IntoView {
    let (words, home) = (use_words(), use_home_words());
    let rows = modes
        .into_iter()
        .map(|ModeCount { mode, active, paused }| {
            let state = if active + paused == 0 {
                home.none.to_owned()
            } else {
                format!("{} {active} · {} {paused}", home.active, home.paused)
            };
            view! {
                <li>
                    <a class="home-mode" href=paths::channels_of(mode)>
                        <ModeChip mode=mode />
                        <strong class="home-count">{active + paused}</strong>
                        <span class="kv-note">{state}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="home-channels">
            <div class="card-head">
                <h2 id="home-channels">{home.channels}</h2>
                <a href=paths::CHANNELS>{words.channels}</a>
            </div>
            <ul class="home-modes">{rows}</ul>
            {role
                .may(Permission::EditTestChannels)
                .then(|| {
                    view! {
                        <p>
                            <a class="button button--primary" href=paths::NEW_CHANNEL>
                                {words.add_channel}
                            </a>
                        </p>
                    }
                })}
        </section>
    }
}

/// API secrets that are soon over.
#[component]
fn Ending(secrets: Vec<EndingSecret>, role: Role) -> impl IntoView {
    let (home, lang) = (use_home_words(), use_lang());
    let rows = secrets
        .into_iter()
        .map(|secret| {
            let when = ending_text(lang, &secret);
            view! {
                <li class="home-line">
                    <span>
                        <strong>{secret.name.clone()}</strong>
                        " "
                        <span class="kv-note">{when}</span>
                    </span>
                    {role
                        .may(Permission::IssueCredentials)
                        .then(|| {
                            view! {
                                <a
                                    class="button button--small"
                                    href=paths::roll_secret(&secret.kid)
                                    aria-label=format!("{} {}", secret.name, home.replace)
                                >
                                    {home.replace}
                                </a>
                            }
                        })}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="home-ending">
            <div class="card-head">
                <h2 id="home-ending">{home.ending}</h2>
                <a href=paths::KEYS_V2>"V2 API Secret"</a>
            </div>
            <ul class="home-lines">{rows}</ul>
        </section>
    }
}

/// What payments are asked for by, and whether the payment core knows it.
#[component]
fn Identifiers(viewer: Viewer, cores: CoresState) -> impl IntoView {
    let (words, home) = (use_words(), use_home_words());
    let (chip, state) = match cores {
        CoresState::Following => ("chip chip--active", home.following),
        CoresState::NeverSeen => ("chip", home.never_seen),
        CoresState::Silent { .. } => ("chip chip--paused", home.silent),
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.identifiers}</h2>
            </div>
            <dl class="kv">
                <dt>{words.imp_code}</dt>
                <dd>
                    <Copy value=viewer.imp_code.to_string() label=words.imp_code />
                    <p class="kv-note">{words.imp_code_help}</p>
                </dd>
                <dt>{words.store_id}</dt>
                <dd>
                    <Copy value=viewer.store_id.to_string() label=words.store_id whole=true />
                    <p class="kv-note">{words.store_id_help}</p>
                </dd>
                <dt>{home.cores}</dt>
                <dd>
                    <span class=chip>{state}</span>
                </dd>
            </dl>
        </section>
    }
}
