//! Channels that somebody began to add: to go on with, or to throw away.

use leptos::prelude::*;

use crate::{
    api::{
        AppError,
        channel_drafts::{BegunChannel, DropNewChannel, list_begun},
        channels::NewAbout,
    },
    components::{Banner, Mark, ModeChip, Tone, When},
    pages::console::use_store,
    paths,
    text::{use_channel_words, use_guided_words},
};

/// The drafts of 채널 추가, where there are any. `back` is the page that offers them; nothing is asked while it is none.
#[component]
pub fn Begun(#[prop(into)] back: Signal<Option<String>>) -> impl IntoView {
    let dropped = ServerAction::<DropNewChannel>::new();
    let found = Resource::new(
        move || (back.get().is_some(), dropped.version().get()),
        |(is_asked, _)| async move { if is_asked { list_begun().await } else { Ok(Vec::new()) } },
    );
    let offers = move || {
        Suspend::new(async move {
            let found: Result<Vec<BegunChannel>, AppError> = found.await;
            let found = found.ok().filter(|found| !found.is_empty())?;
            Some(view! { <Offers found=found dropped=dropped back=back.get_untracked().unwrap_or_default() /> })
        })
    };
    view! { <Transition>{offers}</Transition> }
}

#[component]
fn Offers(found: Vec<BegunChannel>, dropped: ServerAction<DropNewChannel>, back: String) -> impl IntoView {
    let words = use_guided_words();
    let store = use_store().get_untracked();
    let rows = found
        .into_iter()
        .map(|begun| {
            let (mode, module) = (begun.mode.as_str(), begun.module.as_str());
            let there = paths::new_channel_from(mode, begun.provider.as_str(), module, begun.from);
            let what = NewAbout {
                mode: mode.to_owned(),
                module: module.to_owned(),
                from: begun.from.map(|from| from.to_string()).unwrap_or_default(),
                ..NewAbout::default()
            };
            let about = format!("{} {}", begun.provider_name, begun.module_label);
            view! {
                <li class="begun-row">
                    <Mark provider=begun.provider.clone() />
                    <span class="begun-name">
                        <ModeChip mode=begun.mode />
                        " "
                        <strong>{begun.provider_name.clone()}</strong>
                        " "
                        {begun.module_label.clone()}
                        {begun.from.map(|_| view! { " · " {use_channel_words().clone} })}
                        " "
                        <span class="kv-note"><When at=begun.at /></span>
                    </span>
                    <a
                        class="button button--small"
                        href=paths::in_store(&there, store)
                        aria-label=format!("{} {about}", words.go_on)
                    >
                        {words.go_on}
                    </a>
                    <DropForm what=what back=back.clone() about=about dropped=dropped />
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card card--sunk begun" aria-labelledby="begun-title">
            <h2 id="begun-title">{words.begun}</h2>
            <ul class="begun-rows">{rows}</ul>
        </section>
    }
}

/// 버리기
#[component]
pub fn DropForm(
    what: NewAbout,
    back: String,
    /// What is thrown away, for those who do not see the page.
    about: String,
    dropped: ServerAction<DropNewChannel>,
) -> impl IntoView {
    let words = use_guided_words();
    view! {
        <ActionForm action=dropped>
            <input type="hidden" name="mode" value=what.mode />
            <input type="hidden" name="module" value=what.module />
            <input type="hidden" name="from" value=what.from />
            <input type="hidden" name="key" value=what.key />
            <input type="hidden" name="live" value=what.live />
            <input type="hidden" name="back" value=back />
            <button class="button button--small" type="submit" aria-label=format!("{} {about}", words.throw_away)>
                {words.throw_away}
            </button>
        </ActionForm>
    }
}

/// What was typed before is in the form: to go on with, or to throw away.
#[component]
pub fn Restored(what: NewAbout, back: String, about: String, dropped: ServerAction<DropNewChannel>) -> impl IntoView {
    let words = use_guided_words();
    view! {
        <Banner tone=Tone::Info title=words.draft_title>
            <p>{words.draft_text}</p>
            <DropForm what=what back=back about=about dropped=dropped />
        </Banner>
    }
}
