use leptos::prelude::*;

/// Text of several lines, in letters of one width. The label is the caller's.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    /// None for what is not sent.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(default = 6)] rows: u32,
    #[prop(optional)] required: bool,
    /// What stands in it at first, and follows what is typed.
    value: RwSignal<String>,
    #[prop(into)] is_invalid: Signal<bool>,
    /// The ids of what describes it.
    #[prop(into)]
    described_by: Signal<String>,
) -> impl IntoView {
    view! {
        <textarea
            class="textarea textarea--mono"
            id=id
            name=name
            rows=rows
            autocomplete="off"
            spellcheck="false"
            aria-required=required.then_some("true")
            aria-invalid=move || is_invalid.get().then_some("true")
            aria-describedby=described_by
            prop:value=value
            on:input:target=move |event| value.set(event.target().value())
            inner_html=value.with_untracked(|text| content(text))
        ></textarea>
    }
}

/// Leptos writes what is in a text area as it is (leptos#4819), so it is escaped here. The first line break is the parser's.
fn content(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}
