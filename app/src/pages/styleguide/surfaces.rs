//! What one reads, and what holds it together.

use domain::{
    catalogue::{Generation, MidField, Module, ModuleStatus, Version},
    channel::{Mode, Purpose, Status},
};
use leptos::{html, prelude::*};

use super::Section;
use crate::{
    api::AppError,
    components::{
        Banner, Copy, ErrorBanner, Icon, Mark, ModeChip, ModuleChips, Pager, PurposeChip, StatusChip, Tone, When,
        when_text,
    },
    pages::channels::RowContent,
    text::use_lang,
};

/// 2026-11-22 09:00 in Korea.
const AT: i64 = 1_795_305_600_000;
const KEY: &str = "channel-key-00000000-0000-4000-8000-000000000000";

#[component]
pub fn Text() -> impl IntoView {
    let words = use_lang().styleguide();
    view! {
        <Section title=words.text>
            <h2>{words.second}</h2>
            <h3>{words.third}</h3>
            <p>{words.sentence} " " <a href="#main">{words.link}</a> " " <code>"pg: \"ksnet.demo001\""</code></p>
            <p class="field-help">{words.faint}</p>
            <p class="kv-note">{words.faint}</p>
            <p>
                <kbd>"Ctrl K"</kbd>
            </p>
        </Section>
    }
}

/// A module as the chips show one. Not of the catalogue, which is not in the browser.
fn module(generation: Generation) -> Option<Module> {
    Some(Module {
        id: "ksnet".parse().ok()?,
        label: "demo".to_owned(),
        generation: Some(generation),
        status: ModuleStatus::Active,
        superseded_by: None,
        pg_provider: "DEMO".to_owned(),
        pg_code: None,
        versions: vec![Version::V1, Version::V2],
        pay_styles: ["결제창 일반결제", "API 정기결제", "본인인증", "간편결제"].map(str::to_owned).to_vec(),
        purposes: vec![Purpose::Payment],
        modes: Mode::ALL.to_vec(),
        overseas: false,
        uses: Vec::new(),
        needs_use: false,
        mid: MidField {
            label: "MID".to_owned(),
            help: None,
            help_url: None,
            live_prefixes: Vec::new(),
            live_length: None,
            live_prefix_help: None,
        },
        test_mids: Vec::new(),
        fields: Vec::new(),
        pay_methods: Vec::new(),
        notices: Vec::new(),
        vbank_notice_url: None,
        guides: std::collections::BTreeMap::new(),
        decided: Vec::new(),
        sources: Vec::new(),
    })
}

#[component]
pub fn Chips() -> impl IntoView {
    let words = use_lang().styleguide();
    let others = ["new", "old", "version", "applied", "awaited", "refused", "secret-set", "secret-unset", "wallet"];
    let others = others.map(|kind| view! { <span class=format!("chip chip--{kind}")>{kind}</span> }).collect_view();
    let modules = [Generation::New, Generation::Old]
        .into_iter()
        .filter_map(module)
        .map(|module| view! { <p class="row"><ModuleChips module=module /></p> })
        .collect_view();
    view! {
        <Section title=words.chips>
            <p class="row">
                {Mode::ALL.iter().map(|mode| view! { <ModeChip mode=*mode /> }).collect_view()}
                {Purpose::ALL.iter().map(|purpose| view! { <PurposeChip purpose=*purpose /> }).collect_view()}
                {Status::ALL.iter().map(|status| view! { <StatusChip status=*status /> }).collect_view()}
            </p>
            {modules}
            <p class="row">{others}</p>
        </Section>
    }
}

#[component]
pub fn Banners() -> impl IntoView {
    let words = use_lang().styleguide();
    let banners = [Tone::Info, Tone::Caution, Tone::Error, Tone::Success]
        .map(|tone| {
            view! {
                <Banner tone=tone title=words.banner_title />
                <Banner tone=tone title=words.banner_title>
                    <p>{words.sentence} " " <a href="#main">{words.link}</a></p>
                </Banner>
            }
        })
        .collect_view();
    view! {
        <Section title=words.banners>
            {banners} <ErrorBanner error=Signal::stored(Some(AppError::Offline)) />
            <Banner tone=Tone::Info>
                <p>{words.long.repeat(8)}</p>
            </Banner>
        </Section>
    }
}

#[component]
pub fn Values() -> impl IntoView {
    let words = use_lang().styleguide();
    view! {
        <Section title=words.values>
            <dl class="kv">
                <dt>{words.name}</dt>
                <dd>{words.name_value} <span class="kv-note">" " {words.faint}</span></dd>
                <dt>{words.link}</dt>
                <dd>
                    <Copy value=KEY label=words.link />
                </dd>
                <dt>{words.long}</dt>
                <dd>
                    <Copy value=KEY.repeat(4) label=words.long whole=true />
                </dd>
                <dt>{words.several}</dt>
                <dd>
                    <Copy value="{\n  pg: \"ksnet.demo001\",\n}" label=words.several block=true />
                </dd>
                <dt title=when_text(AT)>{words.plain}</dt>
                <dd>
                    <When at=AT />
                </dd>
            </dl>
        </Section>
    }
}

#[component]
pub fn Cards() -> impl IntoView {
    let words = use_lang().styleguide();
    let row = |name: String, mid: &str, mode: Mode, status: Status| {
        let provider = "ksnet".parse().ok()?;
        Some(view! {
            <div class="preview-row">
                <div class="channel-row">
                    <RowContent
                        mode=mode
                        purpose=Signal::stored(Purpose::Payment)
                        provider=provider
                        provider_name="KSNET".to_owned()
                        name=Signal::stored(name)
                        mid=Signal::stored(mid.to_owned())
                        status=status
                    />
                </div>
            </div>
        })
    };
    view! {
        <Section title=words.cards>
            <div class="card card--sunk stack">
                <div class="card-head">
                    <h3>{words.third}</h3>
                    <a href="#main">{words.link}</a>
                </div>
                <p>{words.sentence}</p>
            </div>
            <div class="preview stack--tight">
                {row(words.name_value.to_owned(), "2999199999", Mode::Test, Status::Active)}
                {row(words.long.repeat(3), &"9".repeat(80), Mode::Live, Status::Paused)}
            </div>
            <ul class="people-list">
                <li class="people-row">
                    <div class="people-who">
                        <p>"owner@dalbit.example"</p>
                        <p class="kv-note">{words.faint}</p>
                    </div>
                    <button class="button button--small" type="button">
                        {words.plain}
                    </button>
                </li>
                <li class="people-row">
                    <div class="people-who">
                        <p>{format!("{}@dalbit.example", "long".repeat(24))}</p>
                    </div>
                    <span class="chip">{words.disabled}</span>
                </li>
            </ul>
            <ul class="notice-list">
                <li>{words.sentence}</li>
                <li class="notice--caution">
                    <Icon name="alert" />
                    {words.warned}
                </li>
            </ul>
            <ol class="timeline">
                <li aria-current="true">
                    <p>{words.banner_title}</p>
                    <p class="timeline-meta">{when_text(AT)}</p>
                </li>
                <li>
                    <p>{words.sentence}</p>
                </li>
            </ol>
            <details>
                <summary>{words.unfold}</summary>
                <p>{words.sentence}</p>
            </details>
            <div class="empty">
                <img class="empty-mark" src=crate::assets::asset("/empty.svg") alt="" />
                <h3>{words.nothing}</h3>
                <p>{words.nothing_text}</p>
                <a class="button button--primary" href="#main">
                    {words.plain}
                </a>
            </div>
        </Section>
    }
}

#[component]
pub fn Ways() -> impl IntoView {
    let words = use_lang().styleguide();
    let url = |page: u64| format!("?page={page}");
    view! {
        <Section title=words.ways>
            <nav class="tabs" aria-label=words.ways>
                <a href="#main" aria-current="page">
                    {words.one}
                </a>
                <a href="#main">{words.two}</a>
                <a href="#main">{words.three}</a>
            </nav>
            <ol class="steps">
                <li>
                    <span>{words.one}</span>
                </li>
                <li aria-current="step">
                    <span>{words.two}</span>
                </li>
                <li>
                    <span>{words.three}</span>
                </li>
            </ol>
            <Pager page=1 pages=1 total=3 url=url />
            <Pager page=2 pages=3 total=12_345 url=url />
        </Section>
    }
}

#[component]
pub fn Dialogs() -> impl IntoView {
    let words = use_lang().styleguide();
    let dialog = NodeRef::<html::Dialog>::new();
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            drop(dialog.show_modal());
        }
    };
    view! {
        <Section title=words.dialogs>
            <button class="button" type="button" on:click=open>
                {words.open}
            </button>
            <p class="field-help">{words.drawer}</p>
            <dialog class="dialog" node_ref=dialog aria-labelledby="sg-dialog">
                <form method="dialog" class="stack">
                    <h2 id="sg-dialog">{words.dialog_title}</h2>
                    <p>{words.sentence}</p>
                    <div class="form-actions">
                        <button class="button" type="submit">
                            {words.close}
                        </button>
                        <button class="button button--danger" type="submit">
                            {words.danger}
                        </button>
                    </div>
                </form>
            </dialog>
        </Section>
    }
}

#[component]
pub fn Marks() -> impl IntoView {
    let words = use_lang().styleguide();
    let icons = [
        "home",
        "plug",
        "key",
        "users",
        "user",
        "store",
        "list",
        "search",
        "copy",
        "check",
        "alert",
        "info",
        "close",
        "plus",
        "menu",
        "chevron-right",
        "chevron-down",
        "pause",
        "play",
        "trash",
        "undo",
        "edit",
        "mail",
        "lock",
        "globe",
        "moon",
        "sun",
        "logout",
        "external",
        "download",
    ];
    let marks = ["ksnet", "inicis", "smartro", "kcp", "nice", "tosspayments", "kakaopay", "naverpay"];
    let marks = marks.into_iter().filter_map(|id| id.parse().ok());
    let marks = marks.map(|id| view! { <Mark provider=id large=true /> }).collect_view();
    view! {
        <Section title=words.marks>
            <p class="row">{icons.map(|name| view! { <Icon name=name /> }).collect_view()}</p>
            <p class="row">{marks}</p>
        </Section>
    }
}
