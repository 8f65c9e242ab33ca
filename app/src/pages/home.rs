use domain::{member::Permission, receipt::CoresState};
use leptos::prelude::*;

use super::{application::ApplicationStates, console::PageHead};
use crate::{
    api::{cores::load_cores_state, viewer::Viewer},
    components::{Banner, Copy, Tone},
    paths,
    routes::Account,
    text::{kst, use_words},
};

/// 홈
#[component]
pub fn HomePage() -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let cores = Resource::new(|| (), |()| load_cores_state());
    let silence = move || Suspend::new(async move { cores.await.ok().map(|state| view! { <Silence state=state /> }) });
    let overview =
        move || Suspend::new(async move { account.person().await.map(|viewer| view! { <Overview viewer=viewer /> }) });
    view! {
        <PageHead title=words.home lead=words.home_lead />
        <Transition>{silence}</Transition>
        <Transition>{overview}</Transition>
        <ApplicationStates />
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
            <p>{words.cores_last_seen} " " {kst(since)}</p>
        </Banner>
    })
}

#[component]
fn Overview(viewer: Viewer) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="columns">
            <section class="card stack">
                <div class="card-head">
                    <h2>{words.home_channels_title}</h2>
                </div>
                <p>{words.home_channels_text}</p>
                <div class="row">
                    {viewer
                        .role
                        .may(Permission::EditTestChannels)
                        .then(|| {
                            view! {
                                <a class="button button--primary" href=paths::NEW_CHANNEL>
                                    {words.add_channel}
                                </a>
                            }
                        })}
                    <a class="button" href=paths::CHANNELS>
                        {words.channels}
                    </a>
                </div>
            </section>
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
                </dl>
            </section>
        </div>
    }
}
