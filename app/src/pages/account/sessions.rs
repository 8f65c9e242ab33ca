use domain::own_account::SessionView;
use leptos::{either::Either, prelude::*, server_fn::ServerFn as _};

use crate::{
    api::own_account::{EndSession, SignOutEverywhere, my_sessions},
    components::{ErrorBanner, Icon, When},
    pages::console::PageError,
    text::use_words,
};

/// Where one is logged in.
#[component]
pub fn Sessions(done: Memo<String>) -> impl IntoView {
    let words = use_words();
    let (ended, everywhere) = (ServerAction::<EndSession>::new(), ServerAction::<SignOutEverywhere>::new());
    let sessions = Resource::new(move || (ended.version().get(), done.get()), |_| my_sessions());
    let failed = Signal::derive(move || {
        ended.value().get().and_then(Result::err).or_else(|| everywhere.value().get().and_then(Result::err))
    });
    view! {
        <section class="card" aria-labelledby="sessions">
            <div class="card-head">
                <h2 id="sessions">{words.sessions}</h2>
                // A plain form everywhere: a page that stayed would keep what was shown on it.
                <form method="post" action=SignOutEverywhere::PATH>
                    <button class="button button--small button--danger" type="submit">
                        <Icon name="logout" small=true />
                        {words.sign_out_everywhere}
                    </button>
                </form>
            </div>
            <p class="kv-note">{words.sessions_text}</p>
            <ErrorBanner error=failed />
            <Transition>
                {move || Suspend::new(async move {
                    match sessions.await {
                        Ok(sessions) => {
                            let rows = sessions
                                .into_iter()
                                .map(|session| view! { <SessionRow session=session ended=ended /> })
                                .collect_view();
                            Either::Left(view! { <ul class="people-list">{rows}</ul> })
                        }
                        Err(error) => Either::Right(view! { <PageError error=error /> }),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn SessionRow(session: SessionView, ended: ServerAction<EndSession>) -> impl IntoView {
    let words = use_words();
    let device = if session.device.is_empty() { words.unknown_device.to_owned() } else { session.device };
    let label = format!("{device} {}", words.end_session);
    let end = (!session.is_current).then(|| {
        view! {
            <ActionForm action=ended>
                <input type="hidden" name="handle" value=session.handle />
                <button class="button button--small" type="submit" aria-label=label>
                    {words.end_session}
                </button>
            </ActionForm>
        }
    });
    view! {
        <li class="people-row">
            <div class="people-who">
                <p class="row">
                    <strong>{device}</strong>
                    {session.is_current.then(|| view! { <span class="chip chip--new">{words.this_session}</span> })}
                </p>
                <p class="kv-note">
                    <code>{session.address}</code>
                    " · "
                    {words.last_seen}
                    " "
                    <When at=session.seen_at />
                    " · "
                    {words.log_in}
                    " "
                    <When at=session.created_at />
                </p>
            </div>
            {end}
        </li>
    }
}
