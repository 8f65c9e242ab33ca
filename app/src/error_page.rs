//! Pages about requests that never came to a page: refused before, or broken on the way. Made of nothing that could break
//! too: no data, no script.

use axum::http::StatusCode;
use leptos::prelude::*;

use crate::{paths, secret_pages::Look, text::Words};

/// Why there is nothing else to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorPage {
    /// Another site sent the request, or a browser that does not tell.
    Foreign,
    /// Asked for by a name that is not ours.
    WrongHost,
    TooLarge,
    /// There is too much to do just now.
    Busy,
    /// Our fault.
    Broken,
    /// Nothing that one of our pages would send.
    Unreadable,
}

impl ErrorPage {
    pub const fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::FORBIDDEN => Self::Foreign,
            StatusCode::MISDIRECTED_REQUEST => Self::WrongHost,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Self::Busy,
            StatusCode::INTERNAL_SERVER_ERROR => Self::Broken,
            _ => Self::Unreadable,
        }
    }

    /// Title and text.
    const fn words(self, words: &'static Words) -> (&'static str, &'static str) {
        match self {
            Self::Foreign => (words.foreign_title, words.foreign_text),
            Self::WrongHost => (words.wrong_host_title, words.wrong_host_text),
            Self::TooLarge => (words.too_large_title, words.too_large_text),
            Self::Busy => (words.busy_title, words.busy_text),
            Self::Broken => (words.broken_title, words.broken_text),
            Self::Unreadable => (words.unreadable_title, words.unreadable_text),
        }
    }
}

/// The whole document.
pub fn render(options: LeptosOptions, look: &Look, page: ErrorPage) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let words = look.lang.words();
        let (title, text) = page.words(words);
        let document = view! {
            <!DOCTYPE html>
            <html lang=look.lang.code() data-theme=look.theme.clone()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <link rel="icon" href=crate::assets::asset("/favicon.svg") type="image/svg+xml" />
                    <leptos_meta::HashedStylesheet options=options />
                    <title>{format!("{title} · Channel Console")}</title>
                </head>
                <body>
                    <main id="main">
                        <div class="empty">
                            <img class="empty-mark" src=crate::assets::asset("/empty.svg") alt="" />
                            <h1>{title}</h1>
                            <p>{text}</p>
                            <a class="button" href=paths::HOME>
                                {words.to_home}
                            </a>
                        </div>
                    </main>
                </body>
            </html>
        };
        document.to_html()
    })
}
