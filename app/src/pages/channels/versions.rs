//! 변경 이력

use domain::{channel::view::VersionView, id::ChannelKey};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;

use crate::{
    api::{AppError, channels::channel_versions},
    components::StatusChip,
    pages::console::{PageError, PageHead, use_store},
    paths,
    text::{kst, reason_text, use_lang, use_words},
};

#[component]
pub fn VersionsPage() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok())));
    let versions = Resource::new(
        move || key.get(),
        |key| async move {
            let key = key.ok_or(AppError::NotFound)?;
            Ok((key, channel_versions(key).await?))
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match versions.await {
                    Ok((key, versions)) => Either::Left(view! { <History key=key versions=versions /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn History(key: ChannelKey, versions: Vec<VersionView>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let name = versions.first().map(|v| v.name.clone()).unwrap_or_default();
    let lines = versions
        .into_iter()
        .enumerate()
        .map(|(index, version)| {
            view! {
                <li aria-current=(index == 0).then_some("true")>
                    <div class="row">
                        <strong>{words.version} " " {version.version}</strong>
                        <span>{reason_text(lang, version.reason)}</span>
                        <StatusChip status=version.status />
                    </div>
                    <p>{version.name} " · " <code>{version.mid}</code></p>
                    <p class="timeline-meta">{kst(version.at)} " · " {version.by}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <PageHead title=format!("{name} · {}", words.versions) />
        <p>
            <a href=paths::in_store(&paths::channel(key), use_store().get_untracked())>{words.channel_info}</a>
        </p>
        <section class="card">
            <ol class="timeline">{lines}</ol>
        </section>
    }
}
