//! The frame of everything behind the login: side bar, store, content.

use domain::member::Permission;
use leptos::{either::EitherOf3, prelude::*};
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_location,
};

use crate::{
    api::AppError,
    components::{Banner, Copy, Icon, Switches, Tone},
    paths,
    routes::Account,
    text::{app_error_text, role_text, use_key_words, use_lang, use_words},
};

/// The frame around every page behind the login; who is not logged in is sent there. The data behind each page checks
/// again: this decides what is drawn, not what is allowed.
///
/// The page stands beside what waits for the viewer, not within it: a `Suspend` is built more than once, and would load
/// the page's data as often.
#[component]
pub fn Console() -> impl IntoView {
    let account: Account = expect_context();
    let (words, lang) = (use_words(), use_lang());
    let gate = move || {
        Suspend::new(async move {
            match account.viewer.await {
                Ok(Some(_)) => None,
                Ok(None) | Err(AppError::Unauthenticated) => Some(view! { <ToLogIn /> }.into_any()),
                Err(error) => Some(view! { <Banner tone=Tone::Error title=app_error_text(lang, &error) /> }.into_any()),
            }
        })
    };
    let store = move || {
        Suspend::new(async move {
            let viewer = account.person().await;
            viewer.map(|viewer| view! { <Copy value=viewer.store_id.to_string() label=words.store_id /> })
        })
    };
    view! {
        <a class="skip-link" href="#main">
            {words.skip_to_content}
        </a>
        <div class="shell">
            <Side />
            <div class="main">
                <section class="topbar" aria-label=words.current_store>
                    <p class="topbar-title">{words.integration}</p>
                    <div class="store-bar">
                        <span class="chip chip--new">{words.primary_store_badge}</span>
                        <strong>{words.primary_store}</strong>
                        <Transition>{store}</Transition>
                    </div>
                </section>
                <main class="page" id="main">
                    <Transition>{gate}</Transition>
                    <Outlet />
                </main>
            </div>
        </div>
    }
}

#[component]
fn ToLogIn() -> impl IntoView {
    let location = use_location();
    let here = format!(
        "{}{}",
        location.pathname.get_untracked(),
        location
            .search
            .with_untracked(|search| { if search.is_empty() { String::new() } else { format!("?{search}") } })
    );
    let next: String = here.bytes().fold(String::new(), |text, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => format!("{text}{}", char::from(byte)),
        _ => format!("{text}%{byte:02X}"),
    });
    let path = if here == "/" { paths::LOG_IN.to_owned() } else { format!("{}?next={next}", paths::LOG_IN) };
    view! { <Redirect path=path /> }
}

#[component]
fn Side() -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let account: Account = expect_context();
    let log_out = account.log_out;
    let location = use_location();
    let is_at = move |path: &'static str| {
        let here = location.pathname.get();
        let inside = if path == paths::HOME { here == path } else { here.starts_with(path) };
        inside.then_some("page")
    };
    // What the role may not see is not shown.
    let manage = move || {
        Suspend::new(async move {
            account.may(Permission::ManageMembers).await.then(|| {
                view! {
                    <p class="side-group">{words.management}</p>
                    <a class="side-link" href=paths::AUDIT aria-current=move || is_at(paths::AUDIT)>
                        <Icon name="list" />
                        {words.trail}
                    </a>
                }
            })
        })
    };
    let member = move || {
        Suspend::new(async move {
            let viewer = account.person().await?;
            Some(view! {
                <div>
                    <p class="side-member" title=viewer.email.clone()>
                        {viewer.email.clone()}
                    </p>
                    <p class="side-role">{role_text(lang, viewer.role)}</p>
                </div>
            })
        })
    };
    view! {
        <header class="side">
            <a class="side-brand" href=paths::HOME>
                <img src="/logo.svg" alt="" width="28" height="28" />
                {words.product}
            </a>
            <details class="side-menu">
                <summary aria-controls="side-body">
                    <Icon name="menu" />
                    {words.menu}
                </summary>
            </details>
            <div class="side-body" id="side-body">
                <nav class="side-nav" aria-label=words.main_menu>
                    <a class="side-link" href=paths::HOME aria-current=move || is_at(paths::HOME)>
                        <Icon name="home" />
                        {words.home}
                    </a>
                    <p class="side-group">{words.integration}</p>
                    <a class="side-link" href=paths::CHANNELS aria-current=move || is_at(paths::INTEGRATION)>
                        <Icon name="plug" />
                        {words.integration_settings}
                    </a>
                    <Transition>{manage}</Transition>
                </nav>
                <div class="side-foot">
                    <Transition>{member}</Transition>
                    <Switches />
                    <ActionForm action=log_out>
                        <button class="switch" type="submit">
                            <Icon name="logout" small=true />
                            {words.log_out}
                        </button>
                    </ActionForm>
                </div>
            </div>
        </header>
    }
}

/// Heading, lead and actions of a page.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <leptos_meta::Title text=format!("{title} · Channel Console") />
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="page-lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </div>
    }
}

/// The tabs of 연동 관리. Those to come, and those that a role has no use for, are not shown.
#[component]
pub fn IntegrationTabs() -> impl IntoView {
    let (words, keys) = (use_words(), use_key_words());
    let account: Account = expect_context();
    let location = use_location();
    let is_at = move |path: &'static str| location.pathname.get().starts_with(path).then_some("page");
    let keys = move || {
        Suspend::new(async move {
            let may = account.may(Permission::ViewKeys).await;
            may.then(|| view! { <a href=paths::KEYS aria-current=move || is_at(paths::KEYS)>{keys.title}</a> })
        })
    };
    view! {
        <nav class="tabs" aria-label=words.integration_settings>
            <a href=paths::CHANNELS aria-current=move || is_at(paths::CHANNELS)>
                {words.channels}
            </a>
            <Transition>{keys}</Transition>
        </nav>
    }
}

/// In place of a page whose data could not be had.
#[component]
pub fn PageError(error: AppError) -> impl IntoView {
    let lang = use_lang();
    match error {
        AppError::NotFound => EitherOf3::A(view! { <super::not_found::NotFound /> }),
        AppError::Unauthenticated => EitherOf3::B(view! { <ToLogIn /> }),
        error => EitherOf3::C(view! { <Banner tone=Tone::Error title=app_error_text(lang, &error) /> }),
    }
}
