//! The document around every page, made on the server only.

use leptos::{hydration::AutoReload, prelude::*};
use leptos_meta::MetaTags;

use crate::{App, hydration::hydration_scripts, text::Lang};

/// The whole document. Language and theme are attributes of its root, so that nothing flickers.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = crate::api::preference("theme").filter(|theme| matches!(theme.as_str(), "light" | "dark"));
    let keys = crate::api::preference("keys").filter(|keys| keys == "off");
    let scripts = (!is_still()).then(|| hydration_scripts(&options));
    view! {
        <!DOCTYPE html>
        <html lang=Lang::current().code() data-theme=theme data-keys=keys>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=crate::assets::asset("/favicon.svg") type="image/svg+xml" />
                <leptos_meta::HashedStylesheet options=options.clone() id="style" />
                <AutoReload options=options />
                {scripts}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Whether the page is the same with and without JavaScript.
fn is_still() -> bool {
    use_context::<http::request::Parts>().is_some_and(|parts| crate::paths::is_still(parts.uri.path()))
}
