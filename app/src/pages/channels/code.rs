//! 코드에 넣을 값: exact strings and examples with this merchant's ids, to be copied.

use domain::{
    catalogue::Version,
    channel::{
        Mode, Status,
        code::{Code, Doing, Snippet},
    },
};
use leptos::prelude::*;

use crate::{
    components::{Banner, Copy, Tone},
    text::{ChannelWords, use_channel_words},
};

#[component]
pub fn ForCode(code: Code, mode: Mode, status: Status) -> impl IntoView {
    let words = use_channel_words();
    let rows = [Version::V1, Version::V2]
        .into_iter()
        .filter_map(|version| {
            let own: Vec<_> =
                code.lines.iter().filter(|(of, _)| *of == version).map(|(_, line)| line.clone()).collect();
            let copies = own
                .iter()
                .map(|line| view! { <Copy value=line.clone() label=line.clone() whole=true /> })
                .collect_view();
            (!own.is_empty()).then(|| {
                view! {
                    <dt>{if version == Version::V1 { words.with_v1 } else { words.with_v2 }}</dt>
                    <dd class="code-lines">{copies}</dd>
                }
            })
        })
        .collect_view();
    let has_snippets = !code.snippets.is_empty();
    let snippets = code.snippets.into_iter().map(|snippet| view! { <Example snippet=snippet /> }).collect_view();
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.for_code}</h2>
                <span class="kv-note">{words.for_code_lead}</span>
            </div>
            {(status != Status::Active).then(|| view! { <Banner tone=Tone::Caution title=words.snippets_paused /> })}
            <dl class="kv">{rows}</dl>
            {has_snippets
                .then(|| {
                    view! {
                        <div class="stack stack--tight">
                            <h3>{words.snippets}</h3>
                            <p class="field-help">{words.snippets_lead}</p>
                            {(mode == Mode::Test).then(|| view! { <p class="field-help">{words.snippets_test}</p> })}
                            {snippets}
                        </div>
                    }
                })}
        </section>
    }
}

#[component]
fn Example(snippet: Snippet) -> impl IntoView {
    let words = use_channel_words();
    let title = format!("{:?} · {}", snippet.version, doing_text(words, snippet.doing));
    view! {
        <details class="example">
            <summary>{title.clone()}</summary>
            <Copy value=snippet.code label=title block=true />
        </details>
    }
}

fn doing_text(words: &ChannelWords, doing: Doing) -> String {
    match doing {
        Doing::Pay => words.do_pay.to_owned(),
        Doing::Verify => words.do_verify.to_owned(),
        Doing::IssueBillingKey { by_server: false } => words.do_billing.to_owned(),
        Doing::IssueBillingKey { by_server: true } => format!("{} · {}", words.do_billing, words.by_server),
    }
}
