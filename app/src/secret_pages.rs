//! The pages that show a secret: made on the server, the same with and without JavaScript, never hydrated, so that no
//! secret is data of the application in the browser.

use axum::http::HeaderMap;
use backend::{Issued, Language, Reissued};
use domain::id::ImpCode;
use leptos::prelude::*;

use crate::{
    api::cookie,
    components::{Banner, Tone},
    paths,
    text::{KeyWords, Lang, kst, scope_text},
};

/// Shows the copy buttons, which come with JavaScript.
const COPY: &str = "for (const button of document.querySelectorAll('button[data-copies]')) {\
    button.hidden = false;\
    button.addEventListener('click', async () => {\
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);\
    button.textContent = button.dataset.copied;\
    });\
    }";
/// Seconds after which the V1 secret leaves the screen.
const LEAVES_AFTER: u32 = 60;

/// How the person in front of it wants pages to look.
#[derive(Debug, Clone)]
pub struct Look {
    pub lang: Lang,
    pub(crate) theme: Option<String>,
    /// Of the one inline script.
    nonce: String,
}

impl Look {
    /// From the request's cookies.
    pub fn of(headers: &HeaderMap, nonce: &str) -> Self {
        let lang = cookie(headers, "lang").and_then(|code| Lang::parse(&code)).unwrap_or_default();
        let theme = cookie(headers, "theme").filter(|theme| matches!(theme.as_str(), "light" | "dark"));
        Self { lang, theme, nonce: nonce.to_owned() }
    }

    /// The language of mails.
    pub const fn language(&self) -> Language {
        match self.lang {
            Lang::Ko => Language::Korean,
            Lang::En => Language::English,
        }
    }
}

/// What is shown.
#[derive(Debug)]
pub enum SecretPage {
    /// A V2 secret, issued or rolled.
    V2(Issued),
    V1Shown(ImpCode, Reissued),
    V1Reissued(ImpCode, Reissued),
    /// Loaded again.
    V2Before,
    V1Before,
}

/// The whole document. `public_url` is where the merchant's servers find the API.
pub fn render(options: LeptosOptions, look: Look, public_url: &str, page: SecretPage) -> String {
    let owner = Owner::new();
    owner.with(|| {
        provide_context(look.lang);
        let leaves = matches!(page, SecretPage::V1Shown(..) | SecretPage::V1Reissued(..));
        let leave = leaves.then(|| format!("{LEAVES_AFTER};url={}", paths::KEYS));
        let keys = look.lang.keys();
        let title = title(keys, &page);
        let body = match page {
            SecretPage::V2(issued) => v2(look.lang, public_url, &issued).into_any(),
            SecretPage::V1Shown(imp_code, shown) => {
                let note = view! {
                    <Banner tone=Tone::Info title=keys.leaves>
                        <p>{keys.leaves_text}</p>
                    </Banner>
                };
                v1(keys, public_url, &imp_code, &shown, note.into_any()).into_any()
            }
            SecretPage::V1Reissued(imp_code, shown) => {
                let note = view! {
                    <Banner tone=Tone::Caution title=keys.leaves>
                        <p>{keys.reissued_text}</p>
                    </Banner>
                };
                v1(keys, public_url, &imp_code, &shown, note.into_any()).into_any()
            }
            SecretPage::V2Before => before(keys.already_issue, paths::KEYS_V2, keys.to_list).into_any(),
            SecretPage::V1Before => before(keys.already_v1, paths::KEYS, keys.to_list).into_any(),
        };
        let document = view! {
            <!DOCTYPE html>
            <html lang=look.lang.code() data-theme=look.theme>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    {leave.map(|content| view! { <meta http-equiv="refresh" content=content /> })}
                    <link rel="icon" href=crate::assets::asset("/favicon.svg") type="image/svg+xml" />
                    <leptos_meta::HashedStylesheet options=options />
                    <title>{format!("{title} · Channel Console")}</title>
                </head>
                <body>
                    <main class="shown" id="main">
                        <section class="card stack">
                            <h1>{title}</h1>
                            {body}
                        </section>
                    </main>
                    <script nonce=look.nonce inner_html=COPY></script>
                </body>
            </html>
        };
        document.to_html()
    })
}

const fn title(keys: &KeyWords, page: &SecretPage) -> &'static str {
    match page {
        SecretPage::V2(issued) if issued.old_ends_at.is_some() => keys.shown_roll,
        SecretPage::V2(_) => keys.shown_issue,
        SecretPage::V1Shown(..) => keys.rest_api_secret,
        SecretPage::V1Reissued(..) => keys.reissued,
        SecretPage::V2Before | SecretPage::V1Before => keys.already,
    }
}

fn v2(lang: Lang, public_url: &str, issued: &Issued) -> impl IntoView + use<> {
    let keys = lang.keys();
    let secret = issued.secret.expose();
    let env = format!("STORE_ID={}\nV2_API_SECRET={secret}", issued.store_id);
    let curl = format!("curl {public_url}/rest/v2/channels \\\n  -H 'Authorization: PortOne {secret}'");
    let scopes = issued.scopes.iter().map(|scope| scope_text(lang, *scope)).collect::<Vec<_>>().join(", ");
    let end = issued.ends_at.map_or_else(|| keys.never.to_owned(), kst);
    view! {
        <Banner tone=Tone::Caution title=keys.only_now>
            <p>{keys.only_now_text}</p>
        </Banner>
        {value(keys, "secret", keys.secrets, secret)}
        {issued.old_ends_at.map(|at| view! { <p>{keys.old_until} " " {kst(at)}</p> })}
        <dl class="kv">
            <dt>{keys.secret_name}</dt>
            <dd>{issued.name.clone()}</dd>
            <dt>{lang.words().store_id}</dt>
            <dd>
                <code>{issued.store_id.to_string()}</code>
            </dd>
            <dt>{keys.scopes}</dt>
            <dd>{scopes}</dd>
            <dt>{keys.ends}</dt>
            <dd>{end}</dd>
        </dl>
        {snippets(keys, &env, &curl)}
        {way_on(paths::KEYS_V2, keys.confirmed)}
    }
}

fn v1(
    keys: &'static KeyWords,
    public_url: &str,
    imp_code: &ImpCode,
    shown: &Reissued,
    note: AnyView,
) -> impl IntoView + use<> {
    let (key, secret) = (shown.key.as_str(), shown.secret.expose());
    let env = format!("IMP_CODE={imp_code}\nIMP_KEY={key}\nIMP_SECRET={secret}");
    let curl = format!(
        "curl {public_url}/rest/v1/users/getToken \\\n  -H 'Content-Type: application/json' \\\n  -d '{{\"imp_key\":\"{key}\",\"imp_secret\":\"{secret}\"}}'"
    );
    view! {
        {note}
        {value(keys, "secret", keys.rest_api_secret, secret)}
        <p class="kv-note kv-note--warning">{keys.leak}</p>
        <dl class="kv">
            <dt>{keys.rest_api_key}</dt>
            <dd>
                <code>{key.to_owned()}</code>
            </dd>
        </dl>
        {snippets(keys, &env, &curl)}
        {way_on(paths::KEYS, keys.confirmed_v1)}
    }
}

fn before(text: &'static str, path: &'static str, way: &'static str) -> impl IntoView {
    view! {
        <p>{text}</p>
        {way_on(path, way)}
    }
}

/// A value to be taken along: one click selects it as a whole.
fn value(keys: &'static KeyWords, id: &'static str, label: &'static str, text: &str) -> impl IntoView + use<> {
    view! {
        <div class="shown-value" role="group" aria-label=label>
            <code id=id>{text.to_owned()}</code>
            {copy(keys, id, label)}
        </div>
    }
}

fn snippets(keys: &'static KeyWords, env: &str, curl: &str) -> impl IntoView + use<> {
    let snippet = |id: &'static str, label: &'static str, text: &str| {
        view! {
            <p class="field-label">{label}</p>
            <div class="shown-value" role="group" aria-label=label>
                <pre id=id>{text.to_owned()}</pre>
                {copy(keys, id, label)}
            </div>
        }
    };
    view! {
        <details>
            <summary>{keys.snippets}</summary>
            <div class="stack stack--tight">
                {snippet("env", keys.snippet_env, env)}
                {snippet("curl", keys.snippet_curl, curl)}
            </div>
        </details>
    }
}

fn copy(keys: &'static KeyWords, id: &'static str, label: &'static str) -> impl IntoView {
    view! {
        <button
            class="button button--small"
            type="button"
            hidden
            data-copies=id
            data-copied=keys.copied
            aria-label=format!("{label} {}", keys.copy)
        >
            {keys.copy}
        </button>
    }
}

/// The only way on.
fn way_on(path: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <form class="form-actions" method="get" action=path>
            <button class="button button--primary" type="submit">
                {text}
            </button>
        </form>
    }
}
