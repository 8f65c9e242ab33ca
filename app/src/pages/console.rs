//! The frame of everything behind the login: side bar, store, content.

use domain::{id::StoreId, member::Permission, store::StoreView};
use leptos::{either::EitherOf4, prelude::*, server_fn::ServerFn as _};
use leptos_router::{
    components::{Form, Outlet, Redirect},
    hooks::{use_location, use_query_map},
};

use super::search::{KeysButton, Palette, SearchLink, Searching};
use crate::{
    api::{AppError, accounts::LogOut, viewer::Viewer},
    components::{Banner, Copy, Icon, Switches, Tone},
    paths,
    routes::Account,
    text::{app_error_text, role_text, use_application_words, use_key_words, use_lang, use_words},
};

/// The frame around every page behind the login; who is not logged in is sent there. The data behind each page checks
/// again: this decides what is drawn, not what is allowed.
///
/// The page stands beside what waits for the viewer, not within it: a `Suspend` is built more than once, and would load
/// the page's data as often.
#[component]
pub fn Console() -> impl IntoView {
    let account: Account = expect_context();
    follow_language(account);
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
    Searching::provide();
    let store =
        move || Suspend::new(async move { account.person().await.map(|viewer| view! { <StoreBar viewer=viewer /> }) });
    view! {
        <a class="skip-link" href="#main">
            {words.skip_to_content}
        </a>
        <div class="shell">
            <Side />
            <div class="main">
                <section class="topbar" aria-label=words.current_store>
                    <p class="topbar-title">{words.integration}</p>
                    <Transition>{store}</Transition>
                </section>
                <main class="page" id="main">
                    <Transition>{gate}</Transition>
                    <Outlet />
                </main>
            </div>
        </div>
        <Palette />
    }
}

/// The store from which 연동 관리 is seen, as the URL keeps it.
pub fn use_store() -> Memo<Option<StoreId>> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("store").and_then(|store| store.parse().ok())))
}

/// The store at hand, and the way to another one: a plain GET form, so the choice is the URL.
#[component]
fn StoreBar(viewer: Viewer) -> impl IntoView {
    let words = use_words();
    let (chosen, query) = (use_store(), use_query_map());
    let stores = StoredValue::new(viewer.stores.clone());
    let at_hand = viewer.store_id;
    let current = Memo::new(move |_| {
        let stores = stores.get_value();
        let found = chosen.get().and_then(|id| stores.iter().find(|store| store.id == id).cloned());
        found.or_else(|| stores.into_iter().find(|store| store.id == at_hand))
    });
    let name_of = move |store: &StoreView| {
        if store.is_primary { words.primary_store.to_owned() } else { store.name.clone() }
    };
    let switch = (viewer.stores.len() > 1).then(|| {
        let options = move || {
            let current = current.get().map(|store| store.id);
            let option = |store: StoreView| {
                view! {
                    <option value=store.id.to_string() selected=current == Some(store.id)>
                        {name_of(&store)}
                    </option>
                }
            };
            stores.get_value().into_iter().map(option).collect_view()
        };
        let mode = move || query.with(|query| query.get("mode")).filter(|mode| mode == "live" || mode == "test");
        view! {
            <Form method="GET" action=paths::CHANNELS attr:class="store-switch">
                {move || mode().map(|mode| view! { <input type="hidden" name="mode" value=mode /> })}
                <label class="visually-hidden" for="store">
                    {words.store_choice}
                </label>
                <select class="select" id="store" name="store">
                    {options}
                </select>
                <button class="button button--small" type="submit">
                    {words.store_switch}
                </button>
            </Form>
        }
    });
    let about = move || {
        current.get().map(|store| {
            let badge = if store.is_primary { words.primary_store_badge } else { words.sub_store_badge };
            view! {
                <span class="chip chip--new">{badge}</span>
                <strong>{name_of(&store)}</strong>
                <Copy value=store.id.to_string() label=words.store_id />
            }
        })
    };
    view! { <div class="store-bar">{about} {switch}</div> }
}

/// The whole document is in one language: a login that brought another one loads it anew.
fn follow_language(account: Account) {
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(Ok(Some(viewer))) = account.viewer.get()
            && viewer.lang != crate::text::Lang::current()
        {
            // The page is asked for again with the cookie as it is now; nothing is lost that is not asked for again.
            let _ = window().location().reload();
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = account;
    });
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
    let path = if here == paths::HOME { paths::LOG_IN.to_owned() } else { paths::log_in_to(&here) };
    view! { <Redirect path=path /> }
}

#[component]
fn Side() -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let application = use_application_words();
    let account: Account = expect_context();
    let store = use_store();
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
                <img src=crate::assets::asset("/logo.svg") alt="" width="28" height="28" />
                {words.product}
            </a>
            <SearchLink />
            <details class="side-menu">
                <summary aria-controls="side-body">
                    <Icon name="menu" />
                    {words.menu}
                </summary>
            </details>
            <div class="side-body" id="side-body">
                <nav class="side-nav" aria-label=words.main_menu>
                    <a class="side-link" href=paths::APPLICATION aria-current=move || is_at(paths::APPLICATION)>
                        <Icon name="edit" />
                        {application.title}
                    </a>
                    <a class="side-link" href=paths::HOME aria-current=move || is_at(paths::HOME)>
                        <Icon name="home" />
                        {words.home}
                    </a>
                    <p class="side-group">{words.integration}</p>
                    <a class="side-link" href=move || paths::in_store(paths::CHANNELS, store.get()) aria-current=move || is_at(paths::INTEGRATION)>
                        <Icon name="plug" />
                        {words.integration_settings}
                    </a>
                    <p class="side-group">{words.management}</p>
                    <a class="side-link" href=paths::TEAM aria-current=move || is_at(paths::TEAM)>
                        <Icon name="users" />
                        {words.team}
                    </a>
                    <a class="side-link" href=paths::STORES aria-current=move || is_at(paths::STORES)>
                        <Icon name="store" />
                        {words.stores}
                    </a>
                    <Transition>{manage}</Transition>
                    <a class="side-link" href=paths::ACCOUNT aria-current=move || is_at(paths::ACCOUNT)>
                        <Icon name="user" />
                        {words.my_account}
                    </a>
                </nav>
                <div class="side-foot">
                    <Transition>{member}</Transition>
                    <Switches />
                    <KeysButton />
                    // A plain form everywhere: a page that stayed would keep what was shown on it.
                    <form method="post" action=LogOut::PATH>
                        <button class="switch" type="submit">
                            <Icon name="logout" small=true />
                            {words.log_out}
                        </button>
                    </form>
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
    let (words, keys, store) = (use_words(), use_key_words(), use_store());
    let account: Account = expect_context();
    let location = use_location();
    let is_at = move |path: &'static str| location.pathname.get().starts_with(path).then_some("page");
    let keys = move || {
        Suspend::new(async move {
            let may = account.may(Permission::ViewKeys).await;
            may.then(|| view! { <a href=move || paths::in_store(paths::KEYS, store.get()) aria-current=move || is_at(paths::KEYS)>{keys.title}</a> })
        })
    };
    view! {
        <nav class="tabs" aria-label=words.integration_settings>
            <a href=move || paths::in_store(paths::CHANNELS, store.get()) aria-current=move || is_at(paths::CHANNELS)>
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
        AppError::NotFound => EitherOf4::A(view! { <super::not_found::NotFound /> }),
        AppError::Unauthenticated => EitherOf4::B(view! { <ToLogIn /> }),
        AppError::Forbidden => EitherOf4::C(view! { <super::not_found::NotAllowed /> }),
        error => EitherOf4::D(view! { <Banner tone=Tone::Error title=app_error_text(lang, &error) /> }),
    }
}
