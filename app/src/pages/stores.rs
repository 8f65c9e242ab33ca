//! 상점: the primary one and its sub-stores.

use domain::{
    member::Permission,
    store::{StoreForm, StoreView},
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{
    auth::field_error,
    console::{PageError, PageHead},
};
use crate::{
    api::{
        refused::{Start, refused_by},
        stores::{AddStore, RenameStore, Renaming, StoreStart, list_stores, load_store_start},
    },
    components::{Banner, Copy, ErrorBanner, Icon, Pager, TextField, Tone},
    paths,
    routes::Account,
    text::use_words,
};

#[component]
pub fn StoresPage() -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let query = use_query_map();
    let part = move |name: &str| query.with(|query| query.get(name).unwrap_or_default());
    let (page, done) = (Memo::new(move |_| part("page").parse().unwrap_or(1)), Memo::new(move |_| part("done")));
    let add = ServerAction::<AddStore>::new();
    account.reload_after(add);
    let renamed = RwSignal::new(0);
    let stores = Resource::new(
        move || (page.get(), add.version().get(), renamed.get(), done.get()),
        |(page, ..)| list_stores(page),
    );
    let is_draft = query.with_untracked(|query| query.get("draft").is_some());
    let start = Resource::new(
        move || is_draft,
        async |is_draft| if is_draft { load_store_start().await.unwrap_or_default() } else { StoreStart::default() },
    );
    view! {
        <PageHead title=words.stores lead=words.stores_lead />
        <Done done=done />
        <Transition>
            {move || Suspend::new(async move {
                let may = account.may(Permission::ManageMembers).await;
                let before = start.await.rename;
                match stores.await {
                    Ok(found) => {
                        let rows = found
                            .items
                            .into_iter()
                            .map(|store| view! { <Line store=store may=may before=before.clone() renamed=renamed /> })
                            .collect_view();
                        let url = |to| format!("{}?page={to}", paths::STORES);
                        Either::Left(
                            view! {
                                <section class="card">
                                    <ul class="people-list">{rows}</ul>
                                    {(found.pages > 1).then(|| view! { <Pager page=found.page pages=found.pages total=found.total url=url /> })}
                                </section>
                            },
                        )
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
        <Suspense>
            {move || Suspend::new(async move {
                let may = account.may(Permission::ManageMembers).await;
                let start = start.await.add;
                may.then(|| view! { <Add add=add start=start /> })
            })}
        </Suspense>
    }
}

#[component]
fn Done(done: Memo<String>) -> impl IntoView {
    let words = use_words();
    move || {
        let title = match done.get().as_str() {
            "added" => words.store_added,
            "renamed" => words.store_renamed,
            _ => return None,
        };
        Some(view! { <Banner tone=Tone::Success title=title /> })
    }
}

#[component]
fn Line(store: StoreView, may: bool, before: Start<Renaming>, renamed: RwSignal<u32>) -> impl IntoView {
    let words = use_words();
    let id = store.id.to_string();
    let edit = (may && !store.is_primary).then(|| {
        let before = Some(before).filter(|before| before.form.id == Some(store.id));
        view! { <Rename store=store.clone() before=before renamed=renamed /> }
    });
    let name = if store.is_primary { words.primary_store.to_owned() } else { store.name };
    view! {
        <li class="people-row">
            <div class="people-who">
                <p class="row">
                    <strong>{name}</strong>
                    {match store.tier_code {
                        Some(code) => {
                            Either::Left(view! { <span class="chip chip--version" title=words.tier_code>{code}</span> })
                        }
                        None => Either::Right(view! { <span class="chip chip--new">{words.primary_store_badge}</span> }),
                    }}
                </p>
                <Copy value=id label=words.store_id whole=true />
            </div>
            {edit}
        </li>
    }
}

#[component]
fn Rename(store: StoreView, before: Option<Start<Renaming>>, renamed: RwSignal<u32>) -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let action = ServerAction::<RenameStore>::new();
    account.reload_after(action);
    Effect::new(move |_| {
        if action.value().with(|outcome| matches!(outcome, Some(Ok(())))) {
            renamed.update(|times| *times += 1);
        }
    });
    let is_open = before.is_some();
    let failed = refused_by(action, before.as_ref().and_then(Start::refusal));
    let label = format!("{} {}", store.name, words.change);
    let typed = RwSignal::new(before.map_or(store.name, |before| before.form.name));
    let id = store.id.to_string();
    view! {
        <details class="people-more" open=is_open>
            <summary class="button button--small" aria-label=label>
                {words.change}
            </summary>
            <div class="people-changes">
                <ActionForm action=action attr:novalidate=true attr:class="stack stack--tight">
                    <ErrorBanner error=failed />
                    <input type="hidden" name="id" value=id.clone() />
                    <TextField
                        id=format!("name-{id}")
                        name="name"
                        label=words.store_name
                        required=true
                        value=typed
                        error=field_error(failed, "name")
                    />
                    <button class="button" type="submit">
                        {words.save}
                    </button>
                </ActionForm>
            </div>
        </details>
    }
}

/// 하위 상점 추가
#[component]
fn Add(add: ServerAction<AddStore>, start: Start<StoreForm>) -> impl IntoView {
    let words = use_words();
    let failed = refused_by(add, start.refusal());
    let (name, code) = (RwSignal::new(start.form.name), RwSignal::new(start.form.tier_code));
    Effect::new(move |_| {
        if add.value().get().is_some_and(|outcome| outcome.is_ok()) {
            name.set(String::new());
            code.set(String::new());
        }
    });
    view! {
        <section class="card" aria-labelledby="add-store">
            <div class="card-head">
                <h2 id="add-store">{words.add_store}</h2>
            </div>
            <ErrorBanner error=failed />
            <ActionForm action=add attr:novalidate=true attr:class="stack">
                <div class="halves">
                    <TextField
                        id="store-name"
                        name="form[name]"
                        label=words.store_name
                        required=true
                        value=name
                        error=field_error(failed, "name")
                    />
                    <TextField
                        id="tier-code"
                        name="form[tier_code]"
                        label=words.tier_code
                        required=true
                        mono=true
                        value=code
                        error=field_error(failed, "tier_code")
                    >
                        <p class="field-help">{words.tier_code_help}</p>
                    </TextField>
                </div>
                <button class="button button--primary" type="submit" aria-busy=move || add.pending().get().then_some("true")>
                    <Icon name="plus" small=true />
                    {words.add_store}
                </button>
            </ActionForm>
        </section>
    }
}
