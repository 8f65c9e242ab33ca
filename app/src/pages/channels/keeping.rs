//! Keeps what is typed into 채널 추가 and 실연동으로 올리기 while it is typed, and asks before what is not kept is left behind.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

use crate::{
    api::AppError,
    components::{Banner, Tone},
    paths,
    text::use_guided_words,
};

/// How far keeping has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the server keeps nothing while it is typed"))]
pub enum Progress {
    /// Nothing was typed yet.
    Nothing,
    /// Something was typed, and is on its way.
    Typed,
    Kept,
    /// It could not be kept. It is tried again.
    Failed,
    /// The session of the page is over; what was typed is kept for its person.
    SignedOut,
    /// The session is over, and nothing more is kept.
    SignedOutUnkept,
}

/// The keeper of one form. On the server, and without JavaScript, it does nothing.
#[derive(Debug, Clone, Copy)]
pub struct Keeping {
    pub state: RwSignal<Progress>,
    #[cfg(feature = "hydrate")]
    work: StoredValue<live::Work>,
}

impl Keeping {
    /// `action` adds the channel: while it is under way nothing is kept, and nothing after it was done.
    pub fn new<S>(action: ServerAction<S>) -> Self
    where
        S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
    {
        let keeping = Self {
            state: RwSignal::new(Progress::Nothing),
            #[cfg(feature = "hydrate")]
            work: StoredValue::new(live::Work::default()),
        };
        Effect::new(move |_| {
            if action.pending().get() {
                keeping.pause();
            } else {
                let outcome = action.value().get_untracked();
                let is_dirty = keeping.go_on(outcome == Some(Ok(())));
                if outcome == Some(Err(AppError::Unauthenticated)) {
                    keeping.state.set(if is_dirty { Progress::SignedOutUnkept } else { Progress::SignedOut });
                }
            }
        });
        #[cfg(feature = "hydrate")]
        keeping.ask_before_leaving();
        keeping
    }
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_self, reason = "the server keeps nothing while it is typed")]
impl Keeping {
    pub const fn note(self, _: &leptos::ev::Event) {}
    pub const fn stop(self) {}
    const fn pause(self) {}
    const fn go_on(self, _: bool) -> bool {
        false
    }
}

/// Where JavaScript runs.
#[cfg(feature = "hydrate")]
mod live {
    use std::time::Duration;

    use leptos::{
        ev,
        form::FromFormData as _,
        leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle, window_event_listener},
        prelude::*,
        task::spawn_local,
        wasm_bindgen::{JsCast as _, closure::Closure},
        web_sys::{Element, Event, FormData, HtmlFormElement, MouseEvent},
    };

    use super::{Keeping, Progress};
    use crate::{
        api::{
            AppError,
            channel_drafts::{KeepNewChannel, KeptFor, keep_new_channel},
        },
        text::use_guided_words,
    };

    /// Typing has paused for this long.
    const PAUSE: Duration = Duration::from_millis(800);
    const AGAIN: Duration = Duration::from_secs(10);

    #[derive(Debug, Default)]
    pub struct Work {
        /// The form as it was at the last change.
        latest: Option<KeepNewChannel>,
        /// How many changes there were, and how many of them are kept.
        typed: u32,
        kept: u32,
        timer: Option<TimeoutHandle>,
        is_sending: bool,
        is_paused: bool,
        is_over: bool,
    }

    impl Work {
        const fn is_dirty(&self) -> bool {
            self.typed != self.kept && !self.is_over
        }
    }

    /// The form in which something happened, as it would be sent.
    pub fn form_of(event: &Event) -> Option<KeepNewChannel> {
        let within = event.target()?.dyn_into::<Element>().ok()?;
        let form = within.closest("form").ok()??.dyn_into::<HtmlFormElement>().ok()?;
        KeepNewChannel::from_form_data(&FormData::new_with_form(&form).ok()?).ok()
    }

    impl Keeping {
        /// Something was typed or chosen.
        pub fn note(self, event: &Event) {
            let event = event.clone();
            let read = move || {
                if let Some(form) = form_of(&event) {
                    self.work.try_update_value(|work| work.latest = Some(form));
                }
            };
            read();
            self.work.update_value(|work| work.typed += 1);
            self.state.set(Progress::Typed);
            // Once more when it is sent: what was chosen may have filled in other inputs.
            self.later(PAUSE, move || {
                read();
                self.send();
            });
        }

        /// What was typed is thrown away.
        pub fn stop(self) {
            self.clear();
            self.work.update_value(|work| work.is_over = true);
        }

        pub(super) fn pause(self) {
            self.clear();
            self.work.update_value(|work| work.is_paused = true);
        }

        /// Answers whether something is still to be kept.
        pub(super) fn go_on(self, is_done: bool) -> bool {
            let is_dirty = self.work.try_update_value(|work| {
                work.is_paused = false;
                work.is_over |= is_done;
                work.is_dirty()
            });
            if is_dirty == Some(true) {
                self.later(PAUSE, move || self.send());
            }
            is_dirty == Some(true)
        }

        fn clear(self) {
            self.work.try_update_value(|work| work.timer.take().map(|timer| timer.clear()));
        }

        fn later(self, wait: Duration, then: impl FnOnce() + 'static) {
            self.clear();
            let timer = set_timeout_with_handle(then, wait).ok();
            self.work.try_update_value(|work| work.timer = timer);
        }

        fn send(self) {
            let next = self.work.try_update_value(|work| {
                if work.is_sending || work.is_paused || !work.is_dirty() {
                    return None;
                }
                work.is_sending = true;
                Some((work.latest.clone()?, work.typed))
            });
            let Some(Some((KeepNewChannel { about, form }, typed))) = next else { return };
            spawn_local(async move {
                let outcome = keep_new_channel(about, form).await;
                let is_kept = outcome.is_ok();
                let more = self.work.try_update_value(|work| {
                    work.is_sending = false;
                    if is_kept {
                        work.kept = typed;
                    }
                    work.is_dirty()
                });
                self.state.try_set(match outcome {
                    Ok(KeptFor::SignedOut) => Progress::SignedOut,
                    Ok(KeptFor::Person) if more == Some(true) => Progress::Typed,
                    Ok(KeptFor::Person) => Progress::Kept,
                    Err(AppError::Unauthenticated) => Progress::SignedOutUnkept,
                    Err(_) => Progress::Failed,
                });
                if more == Some(true) {
                    self.later(if is_kept { PAUSE } else { AGAIN }, move || self.send());
                }
            });
        }

        /// The browser asks when the page is closed; within the console, what can be kept is kept, and a person is asked
        /// only when that has failed.
        pub(super) fn ask_before_leaving(self) {
            let question = use_guided_words().leave;
            let unload = window_event_listener(ev::beforeunload, move |event| {
                if self.work.try_with_value(Work::is_dirty) == Some(true) {
                    event.prevent_default();
                    event.set_return_value(question);
                }
            });
            let click = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
                let has_failed =
                    matches!(self.state.try_get_untracked(), Some(Progress::Failed | Progress::SignedOutUnkept));
                let is_dirty = self.work.try_with_value(Work::is_dirty) == Some(true);
                let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                let link =
                    link.and_then(|target| target.closest("a[href]:not([target]):not([href^='#'])").ok().flatten());
                if has_failed && is_dirty && link.is_some() && window().confirm_with_message(question) != Ok(true) {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                }
            });
            // Before the router hears of it.
            let _ = window().add_event_listener_with_callback_and_bool("click", click.as_ref().unchecked_ref(), true);
            let click = StoredValue::new_local(click);
            on_cleanup(move || {
                unload.remove();
                click.with_value(|click| {
                    let listener = click.as_ref().unchecked_ref();
                    let _ = window().remove_event_listener_with_callback_and_bool("click", listener, true);
                });
                self.clear();
                self.send();
            });
        }
    }
}

#[cfg(feature = "hydrate")]
pub use live::form_of;

/// How far keeping has come, for who wonders.
#[component]
pub fn KeptLine(keeping: Keeping) -> impl IntoView {
    let words = use_guided_words();
    let text = move || match keeping.state.get() {
        Progress::Nothing => "",
        Progress::Typed => words.keeping,
        Progress::Kept | Progress::SignedOut => words.kept,
        Progress::Failed | Progress::SignedOutUnkept => words.not_kept,
    };
    view! { <p class="field-help kept-line">{text}</p> }
}

/// What to do when the session is over: nothing that was typed is lost, be it kept or only here.
#[component]
pub fn SignedOut(keeping: Keeping) -> impl IntoView {
    let words = use_guided_words();
    let location = use_location();
    let way = move || {
        let query = location.search.get();
        let query = if query.is_empty() { query } else { format!("?{query}") };
        paths::log_in_to(&format!("{}{query}", location.pathname.get()))
    };
    view! {
        <Show when=move || matches!(keeping.state.get(), Progress::SignedOut | Progress::SignedOutUnkept)>
            <Banner tone=Tone::Caution title=words.signed_out>
                <p>
                    {move || match keeping.state.get() {
                        Progress::SignedOutUnkept => words.signed_out_unkept,
                        _ => words.signed_out_text,
                    }}
                </p>
                <p>
                    <a class="button button--small" href=way target="_blank">
                        {words.log_in_again}
                    </a>
                </p>
            </Banner>
        </Show>
    }
}
