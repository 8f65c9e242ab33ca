use domain::{channel::Mode, search::FoundChannels};
use leptos::prelude::*;

use crate::{
    components::Icon,
    pages::channels::ChannelRow,
    paths,
    text::{Place, use_lang, use_search_words},
};

/// What was found: pages and actions, then channels.
#[component]
pub fn Results(
    typed: String,
    places: Vec<&'static Place>,
    found: FoundChannels,
    /// Nobody has answered yet, or could: that nothing was found is not known.
    #[prop(optional)]
    is_open: bool,
) -> impl IntoView {
    let (words, lang) = (use_search_words(), use_lang());
    let count = places.len() as u64 + found.live + found.test;
    let is_empty = count == 0 && !is_open;
    let has_more = found.live + found.test > found.best.len() as u64;
    let all = |mode: Mode, text: &'static str, count: u64| {
        (has_more && count > 0).then(|| {
            view! {
                <a href=paths::channels_found(mode, &typed)>
                    {text} " " {count}
                </a>
            }
        })
    };
    let (all_live, all_test) =
        (all(Mode::Live, words.all_live, found.live), all(Mode::Test, words.all_test, found.test));
    let has_places = !places.is_empty();
    let place_rows = places
        .into_iter()
        .map(|place| {
            view! {
                <li>
                    <a class="place-row" href=place.path>
                        <Icon name=place.icon />
                        {place.name(lang)}
                    </a>
                </li>
            }
        })
        .collect_view();
    let has_channels = !found.best.is_empty();
    let channel_rows =
        found.best.into_iter().map(|channel| view! { <ChannelRow channel=channel store=None /> }).collect_view();
    view! {
        <p class="visually-hidden" role="status">
            {(!is_open).then(|| format!("{} {count}", words.found))}
        </p>
        {has_places
            .then(|| {
                view! {
                    <section class="stack--tight">
                        <h2 class="found-title">{words.places}</h2>
                        <ul class="place-list">{place_rows}</ul>
                    </section>
                }
            })}
        {has_channels
            .then(|| {
                view! {
                    <section class="stack--tight">
                        <h2 class="found-title">{words.channels}</h2>
                        <ul class="channel-list">{channel_rows}</ul>
                        <p class="row found-all">{all_live} {all_test}</p>
                    </section>
                }
            })}
        {is_empty
            .then(|| {
                view! {
                    <div class="empty">
                        <h2>{words.nothing}</h2>
                        <p>{words.nothing_text}</p>
                    </div>
                }
            })}
    }
}
