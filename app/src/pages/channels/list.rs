use domain::{
    channel::{Mode, view::ChannelSummary},
    id::StoreId,
    member::Permission,
    page::Page,
};
use leptos::{either::Either, prelude::*};
use leptos_router::{components::Form, hooks::use_query_map};

use super::{begun::Begun, row::ChannelRow};
use crate::{
    api::channels::list_channels,
    components::{Icon, Pager},
    pages::console::{IntegrationTabs, PageError, PageHead, use_store},
    paths,
    routes::Account,
    text::{mode_text, use_lang, use_words},
};

/// What the URL asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    mode: Mode,
    store: Option<StoreId>,
    search: String,
    page: u64,
}

impl Asked {
    fn url(&self, page: u64) -> String {
        let escaped = self.search.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
        let search = if escaped.is_empty() { escaped } else { format!("&q={escaped}") };
        let page = if page > 1 { format!("&page={page}") } else { String::new() };
        paths::in_store(&format!("{}?mode={}{search}{page}", paths::CHANNELS, self.mode), self.store)
    }

    /// Where a channel is added that is seen here afterwards.
    fn add_url(&self) -> String {
        paths::in_store(&format!("{}?mode={}", paths::NEW_CHANNEL, self.mode), self.store)
    }
}

/// 채널 관리
#[component]
pub fn ChannelListPage() -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let query = use_query_map();
    let store = use_store();
    let asked = Memo::new(move |_| {
        query.with(|query| Asked {
            store: store.get(),
            mode: query.get("mode").and_then(|mode| Mode::parse(&mode)).unwrap_or(Mode::Test),
            search: query.get("q").unwrap_or_default(),
            page: query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1),
        })
    });
    let found = Resource::new(
        move || asked.get(),
        |asked| list_channels(Some(asked.mode), asked.store, asked.search, asked.page),
    );
    let add = move || {
        let edit = Permission::to_edit(asked.get().mode);
        Suspend::new(async move {
            let href = move || asked.get().add_url();
            account.may(edit).await.then(|| {
                view! {
                    <a class="button button--primary" href=href>
                        <Icon name="plus" small=true />
                        {words.add_channel}
                    </a>
                }
            })
        })
    };
    // What was begun is offered where one arrives, not on every page of a search.
    let begun_back =
        Signal::derive(move || asked.with(|asked| (asked.search.is_empty() && asked.page == 1).then(|| asked.url(1))));
    view! {
        <PageHead title=words.channels lead=words.channels_lead>
            <Transition>{add}</Transition>
        </PageHead>
        <IntegrationTabs />
        <Filters asked=asked />
        <Begun back=begun_back />
        <Transition>
            {move || Suspend::new(async move {
                let may_edit = account.may(Permission::to_edit(asked.get_untracked().mode)).await;
                match found.await {
                    Ok(page) => Either::Left(view! { <Results page=page asked=asked may_edit=may_edit /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Filters(asked: Memo<Asked>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let mode_link = move |mode: Mode| {
        let href = move || Asked { mode, ..asked.get() }.url(1);
        view! {
            <a href=href aria-current=move || (asked.get().mode == mode).then_some("true")>
                {mode_text(lang, mode)}
            </a>
        }
    };
    view! {
        <div class="row row--between">
            <nav class="segmented" aria-label=words.mode>
                {mode_link(Mode::Live)}
                {mode_link(Mode::Test)}
            </nav>
            <Form method="GET" action=paths::CHANNELS attr:class="search" attr:role="search">
                <input type="hidden" name="mode" value=move || asked.get().mode.as_str() />
                {move || asked.get().store.map(|store| view! { <input type="hidden" name="store" value=store.to_string() /> })}
                <label class="visually-hidden" for="q">
                    {words.search}
                </label>
                <Icon name="search" />
                <input class="input" id="q" name="q" type="search" placeholder=words.search_placeholder value=move || asked.get().search />
                <button class="visually-hidden" type="submit">
                    {words.search_button}
                </button>
            </Form>
        </div>
    }
}

#[component]
fn Results(page: Page<ChannelSummary>, asked: Memo<Asked>, may_edit: bool) -> impl IntoView {
    if page.items.is_empty() {
        return Either::Left(view! { <Empty asked=asked may_edit=may_edit /> });
    }
    let store = asked.get_untracked().store;
    let rows =
        page.items.into_iter().map(|channel| view! { <ChannelRow channel=channel store=store /> }).collect_view();
    Either::Right(view! {
        <ul class="channel-list">{rows}</ul>
        <Pager page=page.page pages=page.pages total=page.total url=move |to| asked.get_untracked().url(to) />
    })
}

#[component]
fn Empty(asked: Memo<Asked>, may_edit: bool) -> impl IntoView {
    let words = use_words();
    let searching = !asked.get_untracked().search.is_empty();
    let (title, text) =
        if searching { (words.no_matches, words.no_matches_text) } else { (words.no_channels, words.no_channels_text) };
    view! {
        <div class="empty">
            <img class="empty-mark" src=crate::assets::asset("/empty.svg") alt="" />
            <h2>{title}</h2>
            <p>{text}</p>
            {(may_edit && !searching)
                .then(|| {
                    view! {
                        <a class="button" href=asked.get_untracked().add_url()>
                            {words.add_channel}
                        </a>
                    }
                })}
        </div>
    }
}
