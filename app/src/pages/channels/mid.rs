//! PG상점아이디: the shared test MIDs with what each is for, or one's own.

use domain::channel::{ChannelForm, Mode};
use leptos::{either::Either, prelude::*};

use super::{
    inputs::Inputs,
    pg_field::{Notes, Where},
};
use crate::{
    components::{FieldMessage, Required, TextField},
    text::{mid_label, use_lang, use_words},
};

/// Where the way to this question leads: the input itself may be hidden.
pub const MID_CHOICE: &str = "mid-choice";

#[component]
pub fn MidPicker(inputs: Inputs, is_edit: bool) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let module = inputs.module.get_value();
    let error = inputs.error_of(lang, "mid");
    let help = module.mid.help.as_ref().map(|help| lang.pick(help));
    let prefix_help =
        module.mid.live_prefix_help.as_ref().filter(|_| inputs.mode == Mode::Live).map(|text| lang.pick(text));
    let help_url = module.mid.help_url.clone();
    let notes = move || {
        view! {
            {help.clone().map(|text| view! { <p class="field-help">{text} " " <Where url=help_url.clone() /></p> })}
            {prefix_help.clone().map(|text| view! { <p class="field-help">{text}</p> })}
            {is_edit.then(|| view! { <p class="field-help">{words.mid_change_note}</p> })}
            <SwitchToTest inputs=inputs />
            <Notes notes=inputs.mid_notes(lang) />
        }
    };
    let label = mid_label(lang, &module);
    if !inputs.offers_shared_mids() {
        return Either::Left(view! {
            <TextField id="mid" name="form[mid]" label=label required=true mono=true value=inputs.mid error=error>
                {notes()}
            </TextField>
        });
    }
    let choices = module
        .offered_test_mids()
        .map(|test| {
            let (mid, own) = (test.mid.clone(), test.mid.clone());
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="form[shared_mid]"
                        value=test.mid.clone()
                        checked=inputs.shared_mid.get_untracked() == test.mid
                        prop:checked=move || inputs.shared_mid.with(|chosen| *chosen == own)
                        on:change=move |_| inputs.pick(&mid)
                    />
                    <span class="choice-body">
                        <code>{test.mid.clone()}</code>
                        <span class="chip chip--test">{words.shared_test_mid}</span>
                        <span class="choice-note">{lang.pick(&test.purpose_label)}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    Either::Right(view! {
        <fieldset
            class="field mid-picker"
            id=MID_CHOICE
            tabindex="-1"
            aria-describedby="mid-error"
            class:field--invalid=move || error.get().is_some()
        >
            <legend class="field-label">{label.clone()} <Required /></legend>
            <div class="choices">
                {choices}
                <label class="choice">
                    <input
                        type="radio"
                        name="form[shared_mid]"
                        value=ChannelForm::OWN_MID
                        checked=inputs.shared_mid.get_untracked() == ChannelForm::OWN_MID
                        prop:checked=move || inputs.shared_mid.with(|chosen| chosen == ChannelForm::OWN_MID)
                        on:change=move |_| inputs.pick(ChannelForm::OWN_MID)
                    />
                    <span class="choice-body">
                        {words.own_mid} <span class="choice-note">{words.own_mid_note}</span>
                    </span>
                </label>
            </div>
            <div class="own-mid field">
                <label class="field-label" for="mid">
                    {label}
                </label>
                <input
                    class="input input--mono"
                    id="mid"
                    name="form[mid]"
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby="mid-error"
                    value=inputs.mid.get_untracked()
                    prop:value=inputs.mid
                    on:input:target=move |event| inputs.mid.set(event.target().value())
                />
                {notes()}
            </div>
            <FieldMessage id="mid-error" error=error />
        </fieldset>
    })
}

/// In live mode, a way to add the shared test MID that was entered in test mode.
#[component]
fn SwitchToTest(inputs: Inputs) -> impl IntoView {
    let words = use_words();
    move || {
        inputs.switch_to_test().map(|href| view! { <p class="field-help"><a href=href>{words.switch_to_test}</a></p> })
    }
}
