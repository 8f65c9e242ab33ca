//! What one presses, fills in and chooses.

use leptos::prelude::*;

use super::Section;
use crate::{
    components::{CheckField, Icon, SelectField, TextArea, TextField},
    text::use_lang,
};

#[component]
pub fn Buttons() -> impl IntoView {
    let words = use_lang().styleguide();
    let row = |class: &'static str, name: &'static str| {
        view! {
            <div class="row">
                <button class=format!("button {class}") type="button">
                    {name}
                </button>
                <button class=format!("button {class}") type="button">
                    <Icon name="plus" small=true />
                    {name}
                </button>
                <button class=format!("button {class}") type="button" disabled>
                    {format!("{name} · {}", words.disabled)}
                </button>
                <button class=format!("button {class}") type="button" aria-busy="true" aria-disabled="true">
                    {format!("{name} · {}", words.busy)}
                </button>
            </div>
        }
    };
    view! {
        <Section title=words.buttons>
            {row("", words.plain)} {row("button--primary", words.primary)} {row("button--ghost", words.ghost)}
            {row("button--danger", words.danger)} {row("button--small", words.small)}
            <button class="button button--primary button--wide" type="button">
                {words.wide}
            </button>
        </Section>
    }
}

fn none() -> Signal<Option<String>> {
    Signal::stored(None)
}

#[component]
pub fn Fields() -> impl IntoView {
    let words = use_lang().styleguide();
    let typed = |text: &str| RwSignal::new(text.to_owned());
    let wrong = Signal::stored(Some(words.wrong.to_owned()));
    let options =
        || [("1", words.one), ("2", words.two)].map(|(value, text)| (value.to_owned(), text.to_owned())).to_vec();
    view! {
        <Section title=words.fields>
            <div class="halves">
                <TextField id="sg-name" name="a" label=words.name error=none() value=typed("") note=words.plain>
                    <p class="field-help">{words.help}</p>
                </TextField>
                <TextField id="sg-needed" name="b" label=words.needed error=none() value=typed(words.name_value) required=true />
                <TextField id="sg-refused" name="c" label=words.refused error=wrong value=typed("a/b") required=true>
                    <p class="field-help">{words.help}</p>
                </TextField>
                <TextField id="sg-warned" name="d" label=words.name error=none() value=typed("demo001") mono=true>
                    <p class="field-warning">
                        <Icon name="alert" />
                        <span>{words.warned}</span>
                    </p>
                </TextField>
                <TextField id="sg-secret" name="e" label=words.secret error=none() value=typed("") kind="password" />
                <TextField id="sg-long" name="f" label=words.long error=none() value=typed(&words.long.repeat(4)) />
                <div class="field">
                    <label class="field-label" for="sg-disabled">
                        {words.disabled}
                    </label>
                    <input class="input" id="sg-disabled" value=words.name_value disabled />
                </div>
                <div class="field">
                    <label class="field-label" for="sg-fixed">
                        {words.fixed}
                    </label>
                    <input class="input" id="sg-fixed" value=words.name_value readonly />
                </div>
                <SelectField id="sg-list" name="g" label=words.list options=options() selected="2" error=none()>
                    <p class="field-help">{words.help}</p>
                </SelectField>
                <SelectField id="sg-list-wrong" name="h" label=words.list options=options() selected="1" error=wrong />
                <TextField id="sg-several" name="i" label=words.several error=none() value=typed("") multiline=true />
                <div class="field field--invalid">
                    <label class="field-label" for="sg-area">
                        {words.several}
                    </label>
                    <TextArea
                        id="sg-area"
                        value=typed("-----BEGIN DEMO-----\n…")
                        rows=3
                        is_invalid=Signal::stored(true)
                        described_by=Signal::stored("sg-area-help".to_owned())
                    />
                    <p class="field-help" id="sg-area-help">{words.help}</p>
                </div>
            </div>
        </Section>
    }
}

#[component]
pub fn Choices() -> impl IntoView {
    let words = use_lang().styleguide();
    let three = || [words.one, words.two, words.three].into_iter().enumerate();
    let segments = three()
        .map(|(number, text)| {
            view! {
                <label>
                    <input type="radio" name="sg-segment" value=number.to_string() checked=number == 0 />
                    {text}
                </label>
            }
        })
        .collect_view();
    let links = three()
        .map(|(number, text)| {
            view! {
                <a href="#main" aria-current=(number == 1).then_some("page")>
                    {text}
                    <small>{number * 12}</small>
                </a>
            }
        })
        .collect_view();
    let cards = three()
        .map(|(number, text)| {
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="sg-choice"
                        value=number.to_string()
                        checked=number == 0
                        disabled=number == 2
                    />
                    <span class="choice-body">
                        {text} <span class="choice-note">{if number == 2 { words.disabled } else { words.chosen_note }}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <Section title=words.choices>
            <fieldset class="field">
                <legend class="field-label">{words.plain}</legend>
                <div class="segmented">{segments}</div>
            </fieldset>
            <nav class="segmented segmented--small" aria-label=words.small>
                {links}
            </nav>
            <fieldset class="field">
                <legend class="field-label">{words.list}</legend>
                <div class="choices">{cards}</div>
            </fieldset>
            <div>
                <CheckField id="sg-box" name="j" error=none()>
                    {words.box_text}
                </CheckField>
                <CheckField id="sg-box-on" name="k" checked=true error=none()>
                    {words.box_text}
                </CheckField>
                <CheckField id="sg-box-wrong" name="l" error=Signal::stored(Some(words.box_refused.to_owned()))>
                    {words.box_text}
                </CheckField>
            </div>
        </Section>
    }
}
