//! 테스트 │ 실연동: the two side by side, pairing them, and the way to 실연동으로 올리기.

use domain::{
    channel::{
        twin::{Side, TwinRow, Verdict},
        view::{ChannelDetail, ChannelSummary},
    },
    id::ChannelKey,
    member::Permission,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    api::{
        AppError,
        pairs::{PairChannels, PartChannels, TwinsPage as Page, load_twins},
    },
    components::{Banner, ErrorBanner, Icon, ModeChip, SelectField, StatusChip, Tone},
    pages::{
        auth::field_error,
        console::{PageError, PageHead, use_store},
    },
    paths,
    routes::Account,
    text::{Lang, field_label, use_channel_words, use_lang, use_words, value_text},
};

#[component]
pub fn TwinsPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let account: Account = expect_context();
    let key = Memo::new(move |_| params.with(|p| p.get("key").and_then(|key| key.parse::<ChannelKey>().ok())));
    let done = Memo::new(move |_| query.with(|query| query.get("done").unwrap_or_default()));
    let (paired, parted) = (ServerAction::<PairChannels>::new(), ServerAction::<PartChannels>::new());
    let page = Resource::new(
        move || (key.get(), done.get(), paired.version().get(), parted.version().get()),
        |(key, ..)| async move { load_twins(key.ok_or(AppError::NotFound)?).await },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => {
                        let may_edit = account.may(Permission::EditLiveChannels).await;
                        Either::Left(
                            view! { <Twins page=page paired=paired parted=parted done=done.get() may_edit=may_edit /> },
                        )
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Twins(
    page: Page,
    paired: ServerAction<PairChannels>,
    parted: ServerAction<PartChannels>,
    done: String,
    may_edit: bool,
) -> impl IntoView {
    let (words, channel) = (use_words(), use_channel_words());
    let Page { own, test, live, rows, candidates, mid_label, may_go_live } = page;
    let (key, store) = (own.key, use_store().get_untracked());
    let failed = Signal::derive(move || {
        let is_no_form = |error: &AppError| error.fields().is_none();
        let pairing = paired.value().get().and_then(Result::err).filter(is_no_form);
        pairing.or_else(|| parted.value().get().and_then(Result::err))
    });
    let promote = test
        .as_ref()
        .filter(|_| may_edit && may_go_live)
        .map(|test| paths::in_store(&paths::promote(test.summary.key), store));
    let body = match (test, live) {
        (Some(test), Some(live)) => Either::Left(view! {
            <SideBySide test=test live=live rows=rows mid_label=mid_label />
            {may_edit
                .then(|| {
                    view! {
                        <ActionForm action=parted>
                            <input type="hidden" name="key" value=key.to_string() />
                            <button class="button" type="submit">
                                {channel.part}
                            </button>
                        </ActionForm>
                    }
                })}
        }),
        (test, _) => {
            let is_test = test.is_some();
            Either::Right(
                view! { <Alone own=own.clone() is_test=is_test candidates=candidates paired=paired may_edit=may_edit /> },
            )
        }
    };
    view! {
        <PageHead title=format!("{} · {}", own.name, channel.twins) lead=channel.twins_lead>
            {promote
                .map(|href| {
                    view! {
                        <a class="button button--primary" href=href>
                            {channel.promote}
                        </a>
                    }
                })}
        </PageHead>
        <p>
            <a href=paths::in_store(&paths::channel(key), store)>{words.channel_info}</a>
        </p>
        <ErrorBanner error=failed />
        {match done.as_str() {
            "paired" => Some(channel.paired_done),
            "parted" => Some(channel.parted_done),
            _ => None,
        }
            .map(|title| view! { <Banner tone=Tone::Success title=title /> })}
        {body}
    }
}

#[component]
fn SideBySide(test: ChannelDetail, live: ChannelDetail, rows: Vec<TwinRow>, mid_label: String) -> impl IntoView {
    let (channel, lang) = (use_channel_words(), use_lang());
    let store = use_store().get_untracked();
    let head = |side: &ChannelSummary| {
        view! {
            <span class="row">
                <ModeChip mode=side.mode />
                <a href=paths::in_store(&paths::channel(side.key), store)>{side.name.clone()}</a>
                <StatusChip status=side.status />
            </span>
        }
    };
    let mode = |side: &ChannelDetail| crate::text::mode_text(lang, side.summary.mode);
    let (in_test, in_live) = (mode(&test), mode(&live));
    let lines = rows
        .into_iter()
        .map(|row| {
            let label = field_label(lang, &row.field, &mid_label).unwrap_or(&row.label).to_owned();
            let (class, verdict) = verdict_of(lang, &row);
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td data-side=in_test>
                        <Cell field=row.field.clone() side=row.test />
                    </td>
                    <td data-side=in_live>
                        <Cell field=row.field side=row.live />
                    </td>
                    <td>
                        <span class=class>{verdict}</span>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <table class="twins">
                <caption class="visually-hidden">{channel.twins}</caption>
                <thead>
                    <tr>
                        <th scope="col">{channel.item}</th>
                        <th scope="col">{head(&test.summary)}</th>
                        <th scope="col">{head(&live.summary)}</th>
                        <th scope="col">{channel.verdict}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
}

fn verdict_of(lang: Lang, row: &TwinRow) -> (&'static str, &'static str) {
    let words = lang.channel();
    match row.verdict {
        Verdict::Same => ("chip chip--applied", words.same),
        // These differ by their nature.
        Verdict::Different if matches!(row.field.as_str(), "name" | "mid") => ("chip", words.different),
        Verdict::Different => ("chip chip--awaited", words.different),
        Verdict::MissingInLive => ("chip chip--refused", words.missing_in_live),
        Verdict::MissingInTest => ("chip", words.missing_in_test),
        Verdict::Missing => ("chip chip--secret-unset", words.missing),
        Verdict::Unknown => ("chip", words.unknown),
    }
}

#[component]
fn Cell(field: String, side: Side) -> impl IntoView {
    let (words, channel, lang) = (use_words(), use_channel_words(), use_lang());
    match side {
        Side::Nothing => view! { <span class="chip chip--secret-unset">{words.unset}</span> }.into_any(),
        Side::NotNeeded => view! { <span class="kv-note">{channel.not_needed}</span> }.into_any(),
        Side::Secret(fingerprint) => view! {
            <span class="chip chip--secret-set">{words.stored_secret}</span>
            {fingerprint.map(|print| view! { " " <code>{print.text}</code> })}
        }
        .into_any(),
        Side::Value(value) => match value_text(lang, &field, &value) {
            Some(text) => view! { <span>{text}</span> }.into_any(),
            None => view! { <code>{value}</code> }.into_any(),
        },
    }
}

/// A channel without its other half: those it could be paired with, the likeliest first.
#[component]
fn Alone(
    own: ChannelSummary,
    is_test: bool,
    candidates: Vec<ChannelSummary>,
    paired: ServerAction<PairChannels>,
    may_edit: bool,
) -> impl IntoView {
    let channel = use_channel_words();
    let failed = Signal::derive(move || paired.value().get().and_then(Result::err));
    let (title, text) =
        if is_test { (channel.no_live, channel.no_live_text) } else { (channel.no_test, channel.no_test_text) };
    let option = |candidate: &ChannelSummary| {
        let same = if candidate.module == own.module { "" } else { channel.other_module };
        (candidate.key.to_string(), format!("{} · {} {same}", candidate.name, candidate.mid))
    };
    let options: Vec<_> = candidates.iter().map(option).collect();
    let selected = options.first().map(|(key, _)| key.clone()).unwrap_or_default();
    // The test channel's key is always the first of the two that are sent.
    let (own_name, other_name) = if is_test { ("key", "other") } else { ("other", "key") };
    view! {
        <section class="card stack narrow">
            <h2>{title}</h2>
            <p>{text}</p>
            {(may_edit && !options.is_empty())
                .then(|| {
                    view! {
                        <ActionForm action=paired attr:class="stack stack--tight">
                            <input type="hidden" name=own_name value=own.key.to_string() />
                            <SelectField
                                id="other"
                                name=other_name
                                label=channel.pair_with
                                options=options
                                selected=selected
                                error=field_error(failed, "other")
                            >
                                <p class="field-help">{channel.pair_help}</p>
                            </SelectField>
                            <button class="button" type="submit">
                                <Icon name="check" small=true />
                                {channel.pair}
                            </button>
                        </ActionForm>
                    }
                })}
        </section>
    }
}
