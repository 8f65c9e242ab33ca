//! What the pages behind mailed links share. Looking at one does not use its link up (mail scanners open links): its
//! button does.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::frame::AuthFrame;
use crate::{api::AppError, text::use_words};

/// The token of the page's link.
pub fn link_token() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()))
}

/// Whether the button found the link used up or expired.
pub fn link_is_over(failed: Signal<Option<AppError>>) -> Memo<bool> {
    Memo::new(move |_| failed.get() == Some(AppError::LinkInvalid))
}

/// The children while the link works; `over` when it never did, or does not any more.
#[component]
pub fn LinkGate(
    usable: Resource<Result<bool, AppError>>,
    failed: Signal<Option<AppError>>,
    #[prop(into)] over: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let is_over = link_is_over(failed);
    let (over, children) = (StoredValue::new(over), StoredValue::new(children));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                if usable.await.unwrap_or(false) && !is_over.get() {
                    Either::Left(children.get_value()())
                } else {
                    Either::Right(over.get_value().run())
                }
            })}
        </Suspense>
    }
}

/// Says that a link does not work, and `text` why that may be; the children are the ways on.
#[component]
pub fn LinkOver(text: &'static str, children: Children) -> impl IntoView {
    let words = use_words();
    view! {
        <AuthFrame title=words.link_invalid_title>
            <p>{text}</p>
            <p class="row">{children()}</p>
        </AuthFrame>
    }
}
