//! What one should know of a module before saving: codes, what it can do, pay methods, notices.

use domain::{
    catalogue::{Module, Notice, Tone as NoticeTone, Topic},
    channel::Mode,
};
use leptos::prelude::*;

use crate::{
    components::{Copy, Icon},
    text::{style_text, use_lang, use_words},
};

#[component]
pub fn AboutModule(module: Module, mode: Mode) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let methods = module
        .pay_methods
        .iter()
        .map(|by_style| view! { <dt>{style_text(lang, &by_style.style)}</dt> <dd>{by_style.methods.join(" · ")}</dd> })
        .collect_view();
    let has_methods = !module.pay_methods.is_empty();
    let notices = |topic: Topic| module.notices_for(mode, topic).cloned().collect::<Vec<_>>();
    let outside = [notices(Topic::Contract), notices(Topic::ToDo)].concat();
    let vbank = module.vbank_notice_url.clone();
    view! {
        <section class="card card--sunk stack">
            <h2>{words.module_about}</h2>
            <dl class="kv">
                <dt>{words.pg_provider}</dt>
                <dd>
                    <code>{module.pg_provider.clone()}</code>
                </dd>
                {module
                    .pg_code
                    .clone()
                    .map(|code| {
                        view! {
                            <dt>{words.pg_code_v1}</dt>
                            <dd>
                                <code>{code}</code>
                            </dd>
                        }
                    })}
            </dl>
            <Notices title=words.notices notices=notices(Topic::About) />
            {(mode == Mode::Test).then(|| view! { <Notices title=words.notices_test notices=notices(Topic::TestMode) /> })}
            <Notices title=words.notices_to_do notices=outside />
            {vbank
                .map(|url| {
                    view! {
                        <section class="stack stack--tight">
                            <h3>{words.vbank_title}</h3>
                            <p>{words.vbank_text}</p>
                            <Copy value=url label=words.vbank_title whole=true />
                        </section>
                    }
                })}
            <Guides module=module.clone() />
            <PayStyles styles=module.pay_styles.clone() />
            {has_methods
                .then(|| {
                    view! {
                        <section class="stack stack--tight">
                            <h3>{words.pay_methods}</h3>
                            <dl class="kv">{methods}</dl>
                        </section>
                    }
                })}
        </section>
    }
}

/// PortOne's guides for developers.
#[component]
fn Guides(module: Module) -> impl IntoView {
    let words = use_words();
    let links = module
        .guides
        .iter()
        .map(|(version, url)| {
            view! {
                <li>
                    <a href=url.clone() target="_blank" rel="noopener noreferrer">
                        {format!("{version:?} ")} {words.guide}
                        <Icon name="external" small=true />
                    </a>
                </li>
            }
        })
        .collect_view();
    (!module.guides.is_empty()).then(|| view! { <ul class="link-list">{links}</ul> })
}

#[component]
fn Notices(title: &'static str, notices: Vec<Notice>) -> impl IntoView {
    let lang = use_lang();
    let items = notices
        .iter()
        .map(|notice| {
            let caution = notice.tone == NoticeTone::Caution;
            view! {
                <li class:notice--caution=caution>
                    {caution.then(|| view! { <Icon name="alert" small=true /> })} {lang.pick(&notice.text)}
                </li>
            }
        })
        .collect_view();
    (!notices.is_empty()).then(|| {
        view! {
            <section class="stack stack--tight">
                <h3>{title}</h3>
                <ul class="notice-list">{items}</ul>
            </section>
        }
    })
}

/// The ways to pay against the ways to ask for it: what the module can do, and what it cannot.
#[component]
fn PayStyles(styles: Vec<String>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let can = move |way: &str, kind: &str| styles.iter().any(|style| style.split_once(' ') == Some((way, kind)));
    let kinds = ["일반결제", "정기결제", "수기결제"];
    let ways: Vec<&str> =
        ["결제창", "API", "간편결제"].into_iter().filter(|way| kinds.iter().any(|kind| can(way, kind))).collect();
    (!ways.is_empty()).then(|| {
        let heads = ways.iter().map(|way| view! { <th scope="col">{style_text(lang, way)}</th> }).collect_view();
        let rows = kinds
            .into_iter()
            .map(|kind| {
                let cells = ways
                    .iter()
                    .map(|way| {
                        if can(way, kind) {
                            view! { <td class="yes" aria-label=words.possible><Icon name="check" small=true /></td> }
                                .into_any()
                        } else {
                            view! { <td aria-label=words.impossible>"–"</td> }.into_any()
                        }
                    })
                    .collect_view();
                view! {
                    <tr>
                        <th scope="row">{style_text(lang, kind)}</th>
                        {cells}
                    </tr>
                }
            })
            .collect_view();
        view! {
            <section class="stack stack--tight">
                <h3>{words.pay_styles}</h3>
                <table class="pay-styles">
                    <thead>
                        <tr>
                            <td></td>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}
