//! 변경 이력

use domain::{
    channel::{Status, history::HistoryEntry},
    id::ChannelKey,
    member::Permission,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::change_list::ChangeList;
use crate::{
    api::{
        AppError,
        history::{History, load_history},
    },
    components::{Icon, Pager, StatusChip},
    pages::console::{PageError, PageHead, use_store},
    paths,
    routes::Account,
    text::{ago, author_text, kst, reason_text, use_channel_words, use_lang, use_words},
};

#[component]
pub fn VersionsPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let account: Account = expect_context();
    let key = Memo::new(move |_| params.with(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok())));
    let page =
        Memo::new(move |_| query.with(|query| query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1)));
    let history = Resource::new(
        move || (key.get(), page.get()),
        |(key, page)| async move { load_history(key.ok_or(AppError::NotFound)?, page).await },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match history.await {
                    Ok(history) => {
                        let may_edit = account.may(Permission::to_edit(history.channel.mode)).await;
                        Either::Left(view! { <Lines history=history may_edit=may_edit /> })
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Lines(history: History, may_edit: bool) -> impl IntoView {
    let words = use_words();
    let History { channel, mid_label, versions, now } = history;
    let (key, store) = (channel.key, use_store().get_untracked());
    let may_go_back = may_edit && channel.status != Status::Archived;
    let (page, pages, total) = (versions.page, versions.pages, versions.total);
    let lines = versions
        .items
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            let is_current = page == 1 && index == 0;
            let back =
                (may_go_back && !is_current).then(|| paths::in_store(&paths::roll_back(key, entry.version), store));
            view! { <Line entry=entry mid_label=mid_label.clone() now=now is_current=is_current back=back /> }
        })
        .collect_view();
    view! {
        <PageHead title=format!("{} · {}", channel.name, words.versions) />
        <p>
            <a href=paths::in_store(&paths::channel(key), store)>{words.channel_info}</a>
        </p>
        <section class="card">
            <ol class="timeline">{lines}</ol>
        </section>
        {(pages > 1)
            .then(|| {
                let url = move |page| paths::in_store(&paths::versions_page(key, page), store);
                view! { <Pager page=page pages=pages total=total url=url /> }
            })}
    }
}

#[component]
fn Line(entry: HistoryEntry, mid_label: String, now: i64, is_current: bool, back: Option<String>) -> impl IntoView {
    let (words, channel, lang) = (use_words(), use_channel_words(), use_lang());
    let is_first = entry.version == 1;
    let changes = if entry.changes.is_empty() {
        Either::Left(view! { <p class="timeline-meta">{channel.no_changes}</p> })
    } else {
        let list = view! { <ChangeList changes=entry.changes mid_label=mid_label /> };
        Either::Right(if is_first {
            // What it began with is rarely what somebody looks for.
            Either::Left(view! {
                <details>
                    <summary>{channel.first_content}</summary>
                    {list}
                </details>
            })
        } else {
            Either::Right(list)
        })
    };
    view! {
        <li aria-current=is_current.then_some("true")>
            <div class="row">
                <strong>{words.version} " " {entry.version}</strong>
                <span>{reason_text(lang, entry.reason)}</span>
                {entry.made_from.map(|from| view! { <span class="kv-note">{channel.made_from} " " {from}</span> })}
                <StatusChip status=entry.status />
                {is_current.then(|| view! { <span class="chip chip--new">{channel.current}</span> })}
                {back
                    .map(|href| {
                        view! {
                            <a class="button button--small timeline-action" href=href>
                                <Icon name="undo" small=true />
                                {channel.to_this_version}
                            </a>
                        }
                    })}
            </div>
            <p>{entry.name} " · " <code>{entry.mid}</code></p>
            <p class="timeline-meta">
                {kst(entry.at)} " (" {ago(lang, now, entry.at)} ") · " {author_text(lang, &entry.by)}
            </p>
            {(!entry.note.is_empty())
                .then(|| view! { <p class="timeline-note">{channel.because} ": " {entry.note}</p> })}
            {changes}
        </li>
    }
}
