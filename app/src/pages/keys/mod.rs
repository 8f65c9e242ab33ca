//! 식별코드 · API Keys: V1 key and secret, V2 API secrets. What shows a secret is not here but in `secret_pages`.

mod form;
mod issue;
mod list;
mod revoke;
mod roll;
mod v1;

pub use issue::IssuePage;
pub use list::ApiSecretsPage;
pub use revoke::RevokePage;
pub use roll::RollPage;
pub use v1::{ReissuePage, ShowPage, V1KeysPage};

use leptos::prelude::*;

use crate::{
    pages::console::{IntegrationTabs, PageHead},
    paths,
    text::use_key_words,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Api {
    V1,
    V2,
}

/// Head, tabs and the choice of V1 and V2.
#[component]
fn KeysHead(api: Api, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let keys = use_key_words();
    let link = move |this: Api, href: &'static str, text: &'static str| {
        view! {
            <a href=href aria-current=(this == api).then_some("true")>
                {text}
            </a>
        }
    };
    view! {
        <PageHead title=keys.title lead=keys.lead>
            {children.map(|children| children())}
        </PageHead>
        <IntegrationTabs />
        <nav class="segmented" aria-label=keys.api_version>
            {link(Api::V1, paths::KEYS, keys.v1)}
            {link(Api::V2, paths::KEYS_V2, keys.v2)}
        </nav>
    }
}
