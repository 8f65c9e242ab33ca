//! The PG's fields of a channel: public values, and of each secret whether, when and by whom it was set.

use std::collections::BTreeMap;

use domain::{
    catalogue::Module,
    channel::{
        Credentials,
        history::Author,
        view::{ChannelDetail, FieldState, FieldView},
    },
    id::{ChannelKey, FieldKey},
};
use leptos::prelude::*;

use crate::{
    api::{
        AppError,
        secrets::{CompareSecret, Compared},
    },
    components::{Banner, TextField, Tone, When},
    text::{ago, author_text, kst, use_channel_words, use_lang, use_words},
};

#[component]
pub fn Fields(
    channel: ChannelDetail,
    module: Module,
    /// For whoever may ask.
    comparing: Option<ServerAction<CompareSecret>>,
    now: i64,
) -> impl IntoView {
    let words = use_words();
    let ChannelDetail { credentials, fields, secrets_by, summary, .. } = channel;
    let source = match credentials {
        Credentials::Own => words.credentials_own,
        Credentials::SharedTest => words.credentials_shared,
    };
    let rows = fields
        .into_iter()
        .filter(|field| credentials == Credentials::Own || matches!(field.state, FieldState::Value { .. }))
        .map(|field| {
            let FieldView { key, label, state } = field;
            let is_set = matches!(state, FieldState::Set { .. });
            let multiline = module.field(&key).is_some_and(|field| field.multiline);
            let ask = comparing.filter(|_| is_set).map(|comparing| {
                view! { <Compare channel=summary.key field=key.clone() multiline=multiline comparing=comparing /> }
            });
            view! {
                <dt>{label}</dt>
                <dd>
                    <State state=state by=author(&secrets_by, &key) now=now />
                    {ask}
                </dd>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{words.fields}</h2>
                <span class="kv-note">
                    {if credentials == Credentials::Own { words.fields_note } else { words.fields_none }}
                </span>
            </div>
            <dl class="kv">
                <dt>{words.credentials}</dt>
                <dd>{source}</dd>
                {rows}
            </dl>
        </section>
    }
}

fn author(by: &BTreeMap<FieldKey, Author>, key: &FieldKey) -> Option<Author> {
    by.get(key).cloned()
}

#[component]
fn State(state: FieldState, by: Option<Author>, now: i64) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    match state {
        FieldState::Value { value } => view! { <code>{value}</code> }.into_any(),
        FieldState::Unset => view! { <span class="chip chip--secret-unset">{words.unset}</span> }.into_any(),
        FieldState::Set { at, fingerprint, .. } => view! {
            <span class="chip chip--secret-set">{words.stored_secret}</span>
            " "
            <span class="kv-note">
                {kst(at)} " (" {ago(lang, now, at)} ")"
                {by.map(|by| view! { " · " {author_text(lang, &by)} })}
                {fingerprint.map(|print| view! { " · " {words.fingerprint} " " <code>{print}</code> })}
            </span>
        }
        .into_any(),
    }
}

/// Asks whether a value is the stored one. What was typed is not sent back, whatever the answer is.
#[component]
fn Compare(
    channel: ChannelKey,
    field: FieldKey,
    multiline: bool,
    comparing: ServerAction<CompareSecret>,
) -> impl IntoView {
    let words = use_channel_words();
    view! {
        <details class="compare">
            <summary>{words.compare}</summary>
            <ActionForm action=comparing attr:class="stack stack--tight">
                <input type="hidden" name="key" value=channel.to_string() />
                <input type="hidden" name="field" value=field.to_string() />
                <TextField
                    id=format!("compare-{field}")
                    name="value"
                    label=words.compare_label
                    kind="password"
                    autocomplete="new-password"
                    mono=true
                    multiline=multiline
                    value=RwSignal::new(String::new())
                    error=Signal::stored(None::<String>)
                >
                    <p class="field-help">{words.compare_help}</p>
                </TextField>
                <button class="button button--small" type="submit">
                    {words.compare_button}
                </button>
            </ActionForm>
        </details>
    }
}

/// What was answered to the last question, with the field that it was about.
#[component]
pub fn Answer(compared: Resource<Result<Option<Compared>, AppError>>, module: Module) -> impl IntoView {
    let words = use_channel_words();
    let answer = move || {
        let module = module.clone();
        Suspend::new(async move {
            let compared = compared.await.ok().flatten()?;
            let field = module.field(&compared.field)?;
            let (tone, said) = if compared.is_same {
                (Tone::Success, words.compare_same)
            } else {
                (Tone::Caution, words.compare_different)
            };
            Some(view! {
                <Banner tone=tone title=format!("{}: {said}", field.label)>
                    <p>{words.compare_at} " " <When at=compared.at /></p>
                </Banner>
            })
        })
    };
    view! { <Transition>{answer}</Transition> }
}
