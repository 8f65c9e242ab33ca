use leptos::prelude::*;

use crate::text::{kst, relative, use_lang, utc};

/// A time: Korean for the eye, and how long ago or ahead it is; UTC for programs.
#[component]
pub fn When(at: i64) -> impl IntoView {
    let near = relative(use_lang(), now(), at);
    view! {
        <time datetime=utc(at)>
            {kst(at)} <span class="when">" (" {near} ")"</span>
        </time>
    }
}

/// The same as a text.
pub fn when_text(at: i64) -> String {
    format!("{} ({})", kst(at), relative(use_lang(), now(), at))
}

/// The server's clock while it draws the page. What the browser draws later is told by its own, and by nobody relied on.
fn now() -> i64 {
    #[cfg(feature = "ssr")]
    {
        use_context::<std::sync::Arc<backend::Backend>>().map_or(0, |backend| backend.now_ms())
    }
    #[cfg(all(feature = "hydrate", not(feature = "ssr")))]
    {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970, for the next 280,000 years")]
        let now = web_sys::js_sys::Date::now() as i64;
        now
    }
    #[cfg(not(any(feature = "ssr", feature = "hydrate")))]
    0
}
