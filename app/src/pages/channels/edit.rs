//! 채널 수정. Mode, provider and module are fixed; secrets are only replaced.

use domain::id::ChannelKey;
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;

use super::{
    about::AboutModule,
    changes::CatalogueChanges,
    fields::ChannelFields,
    inputs::{Inputs, Subject},
    new::AdminSite,
};
use crate::{
    api::{
        AppError,
        channels::{EditChannel, EditChannelPage as Page, ProviderChoice, list_providers, load_edit_channel},
    },
    components::{Banner, ModeChip, Tone},
    pages::console::{PageError, PageHead, use_store},
    paths,
    text::{ErrorContext, use_words},
};

#[component]
pub fn EditChannelPage() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok())));
    let page = Resource::new(
        move || key.get(),
        |key| async move {
            match key {
                Some(key) => load_edit_channel(key).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let providers = Resource::new(|| (), |()| list_providers());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match (page.await, providers.await) {
                    (Ok(page), Ok(providers)) => Either::Left(view! { <Editor page=page providers=providers /> }),
                    (Err(error), _) | (_, Err(error)) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Editor(page: Page, providers: Vec<ProviderChoice>) -> impl IntoView {
    let words = use_words();
    let Page { page, used_mids, start } = page;
    let channel = page.channel;
    let (key, mode) = (channel.summary.key, channel.summary.mode);
    let action = ServerAction::<EditChannel>::new();
    let context = ErrorContext::of(&page.provider_name, providers);
    let subject = Subject {
        provider: channel.summary.provider.clone(),
        admin_url: page.admin_url.clone(),
        names: Vec::new(),
        used_mids,
        context,
    };
    let inputs = Inputs::new(subject, page.module.clone(), mode, &start, action.value().into());
    let is_stale = move || matches!(inputs.error.get(), Some(AppError::Stale { .. }));
    // What was on the screen when the draft was typed is not what somebody saved since.
    let seen = if start.seen_version > 0 { start.seen_version } else { channel.version };
    // What was stored when the form was refused has been shown: saving again is saving over it.
    let seen_version = move || match inputs.error.get() {
        Some(AppError::Stale { current }) if current > 0 => current.to_string(),
        _ => seen.to_string(),
    };
    view! {
        <PageHead title=format!("{} · {}", channel.summary.name, words.edit_title) />
        <CatalogueChanges changes=channel.changes.clone() />
        <div class="columns">
            <ActionForm action=action attr:novalidate=true attr:class="card stack">
                <input type="hidden" name="about[key]" value=key.to_string() />
                <input type="hidden" name="about[seen_version]" value=seen_version />
                <Show when=is_stale>
                    <Banner tone=Tone::Caution title=words.stale_title>
                        <p>{words.stale_text}</p>
                        <p>
                            <a href=paths::channel(key) target="_blank">
                                {words.show_stored}
                            </a>
                        </p>
                    </Banner>
                </Show>
                <p class="row">
                    <ModeChip mode=mode />
                    <span>{page.provider_name.clone()}</span>
                </p>
                <ChannelFields inputs=inputs start=start stored=Some(channel.fields.clone()) />
                <div class="form-actions">
                    <a class="button" href=paths::in_store(&paths::channel(key), use_store().get_untracked())>
                        {words.cancel}
                    </a>
                    <button
                        class="button button--primary"
                        type="submit"
                        aria-busy=move || action.pending().get().then_some("true")
                    >
                        {words.save}
                    </button>
                </div>
            </ActionForm>
            <aside class="stack">
                <AboutModule module=page.module mode=mode />
                {page.admin_url.map(|url| view! { <AdminSite url=url /> })}
            </aside>
        </div>
    }
}
