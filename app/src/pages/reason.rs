//! 사유: why somebody does what cannot simply be done again; for the trail.

use domain::trail::Reason;
use leptos::prelude::*;

use super::auth::field_error;
use crate::{api::AppError, components::TextField, text::use_words};

#[component]
pub fn ReasonField(
    value: RwSignal<String>,
    failed: Signal<Option<AppError>>,
    #[prop(default = "reason")] name: &'static str,
) -> impl IntoView {
    let words = use_words();
    view! {
        <TextField
            id="reason"
            name=name
            label=words.reason
            note=words.optional
            value=value
            max=Reason::MAX
            error=field_error(failed, "reason")
        >
            <p class="field-help">{words.reason_help}</p>
        </TextField>
    }
}
