use domain::{
    home::{Step, StepKind},
    member::{Permission, Role},
};
use leptos::prelude::*;

use crate::{
    components::Icon,
    paths,
    text::{HomeWords, step_now_text, use_home_words, use_lang, use_words},
};

/// The way to the first payment, as far as it is done: gone when all of it is.
#[component]
pub fn Steps(steps: Vec<Step>, next: StepKind, role: Role) -> impl IntoView {
    let words = use_home_words();
    let rows =
        steps.into_iter().map(|step| view! { <Line step=step is_next=step.kind == next role=role /> }).collect_view();
    view! {
        <section class="card stack" aria-labelledby="home-steps">
            <div>
                <h2 id="home-steps">{words.steps}</h2>
                <p class="kv-note">{words.steps_text}</p>
            </div>
            <ol class="checklist">{rows}</ol>
        </section>
    }
}

#[component]
fn Line(step: Step, is_next: bool, role: Role) -> impl IntoView {
    let (words, lang) = (use_home_words(), use_lang());
    let Step { kind, is_done } = step;
    let (class, icon, state) = if is_done {
        ("checklist-step checklist-step--done", "check", words.done)
    } else {
        ("checklist-step", "chevron-right", words.to_do)
    };
    view! {
        <li class=class aria-current=is_next.then_some("step")>
            <Icon name=icon class="checklist-mark" />
            <div>
                <strong>{name(words, kind)}</strong>
                " "
                <span class="visually-hidden">{state}</span>
                {(!is_done).then(|| view! { <p class="kv-note">{step_now_text(lang, kind)}</p> })}
            </div>
            {(!is_done).then(|| view! { <Way kind=kind is_next=is_next role=role /> })}
        </li>
    }
}

/// To where it is done, or who may.
#[component]
fn Way(kind: StepKind, is_next: bool, role: Role) -> impl IntoView {
    let (words, page) = (use_home_words(), use_words());
    let (path, needs, text, else_text) = match kind {
        StepKind::FirstTestChannel => (paths::NEW_CHANNEL, Permission::EditTestChannels, page.add_channel, words.ask),
        StepKind::FirstLiveChannel => {
            (paths::NEW_LIVE_CHANNEL, Permission::EditLiveChannels, page.add_channel, words.ask)
        }
        StepKind::ApiSecret => (paths::KEYS_V2_NEW, Permission::IssueCredentials, words.secret, words.ask_owner),
        StepKind::MailConfirmed | StepKind::Core => return None,
    };
    if !role.may(needs) {
        return Some(view! { <p class="kv-note">{else_text}</p> }.into_any());
    }
    let class = if is_next { "button button--primary button--small" } else { "button button--small" };
    Some(
        view! {
            <a class=class href=path aria-label=format!("{}: {text}", name(words, kind))>
                {text}
            </a>
        }
        .into_any(),
    )
}

const fn name(words: &'static HomeWords, kind: StepKind) -> &'static str {
    match kind {
        StepKind::MailConfirmed => words.mail,
        StepKind::FirstTestChannel => words.test,
        StepKind::ApiSecret => words.secret,
        StepKind::Core => words.core,
        StepKind::FirstLiveChannel => words.live,
    }
}
