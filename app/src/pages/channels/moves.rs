//! Pausing, deleting and taking it back: what each does is said before it is done.

use domain::{
    channel::{Status, view::ChannelSummary},
    id::ChannelKey,
};
use leptos::prelude::*;

use crate::{
    api::channels::{ChannelMove, MoveChannel},
    components::{Banner, Icon, Tone, When},
    pages::{console::use_store, reason::ReasonField},
    paths,
    text::{use_channel_words, use_words},
};

#[component]
fn MoveForm(key: ChannelKey, to: ChannelMove, moved: ServerAction<MoveChannel>, children: Children) -> impl IntoView {
    let to = match to {
        ChannelMove::Pause => "pause",
        ChannelMove::Resume => "resume",
        ChannelMove::Delete => "delete",
        ChannelMove::Restore => "restore",
    };
    view! {
        <ActionForm action=moved attr:class="stack stack--tight">
            <input type="hidden" name="key" value=key.to_string() />
            <input type="hidden" name="to" value=to />
            {children()}
        </ActionForm>
    }
}

#[component]
pub fn PauseButton(key: ChannelKey, status: Status, moved: ServerAction<MoveChannel>) -> impl IntoView {
    let words = use_words();
    let (to, icon, text) = if status == Status::Paused {
        (ChannelMove::Resume, "play", words.resume)
    } else {
        (ChannelMove::Pause, "pause", words.pause)
    };
    view! {
        <MoveForm key=key to=to moved=moved>
            <button class="button" type="submit" aria-describedby=(status == Status::Active).then_some("pause-affects")>
                <Icon name=icon small=true />
                {text}
            </button>
        </MoveForm>
    }
}

/// What pausing and deleting affect, and the button that deletes.
#[component]
pub fn Delete(
    key: ChannelKey,
    status: Status,
    moved: ServerAction<MoveChannel>,
    reason: RwSignal<String>,
    /// The channel that it is paired with.
    twin: Option<ChannelSummary>,
) -> impl IntoView {
    let (words, channel) = (use_words(), use_channel_words());
    let store = use_store().get_untracked();
    let failed = Signal::derive(move || moved.value().get().and_then(Result::err));
    view! {
        <section class="card stack" id="delete">
            <div class="card-head">
                <h2>{words.delete_title}</h2>
            </div>
            <p>{words.delete_text}</p>
            <div class="stack stack--tight">
                <h3>{channel.delete_affects}</h3>
                <ul class="notice-list">
                    <li class="notice--caution">
                        <Icon name="alert" small=true />
                        {channel.delete_calls}
                    </li>
                    <li>{channel.delete_name}</li>
                    <li>{channel.delete_refunds}</li>
                    <li>{channel.delete_cores}</li>
                    <li>{channel.delete_undo}</li>
                    {twin
                        .map(|twin| {
                            view! {
                                <li>
                                    {channel.delete_twin} " "
                                    <a href=paths::in_store(&paths::channel(twin.key), store)>{twin.name}</a>
                                </li>
                            }
                        })}
                </ul>
            </div>
            {(status == Status::Active)
                .then(|| {
                    view! {
                        <div class="stack stack--tight" id="pause-affects">
                            <h3>{channel.pause_affects}</h3>
                            <ul class="notice-list">
                                <li>{channel.pause_calls}</li>
                                <li>{channel.pause_keeps}</li>
                            </ul>
                        </div>
                    }
                })}
            <MoveForm key=key to=ChannelMove::Delete moved=moved>
                <ReasonField value=reason failed=failed />
                <button class="button button--danger" type="submit">
                    <Icon name="trash" small=true />
                    {words.delete}
                </button>
            </MoveForm>
        </section>
    }
}

#[component]
pub fn Deleted(key: ChannelKey, until: i64, moved: ServerAction<MoveChannel>, may_edit: bool) -> impl IntoView {
    let words = use_words();
    view! {
        <Banner tone=Tone::Caution title=words.deleted_title>
            <p>{words.deleted_until} " " <When at=until /></p>
            {may_edit
                .then(|| {
                    view! {
                        <MoveForm key=key to=ChannelMove::Restore moved=moved>
                            <button class="button" type="submit">
                                <Icon name="undo" small=true />
                                {words.restore}
                            </button>
                        </MoveForm>
                    }
                })}
        </Banner>
    }
}
