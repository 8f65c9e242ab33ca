use domain::{
    member::{Permission, Role},
    page::Page,
    team::MemberView,
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::Form;

use super::{Asked, Moves, grantable, limits};
use crate::{
    api::{
        refused::{Start, refused_by},
        team::{ChangeRole, Standing},
        viewer::Viewer,
    },
    components::{ErrorBanner, Icon, Pager, SelectField, When},
    pages::auth::field_error,
    paths,
    routes::Account,
    text::{role_text, use_lang, use_words},
};

/// The members, with what may be done about each.
#[component]
pub fn Members(
    page: Page<MemberView>,
    asked: Asked,
    viewer: Viewer,
    moves: Moves,
    before: Start<Standing>,
) -> impl IntoView {
    let words = use_words();
    let Page { items, page, pages, total } = page;
    let is_empty = items.is_empty();
    let rows = items
        .into_iter()
        .map(|member| {
            let before = Some(before.clone()).filter(|before| before.form.id == Some(member.id));
            view! { <Line member=member viewer=viewer.clone() moves=moves before=before /> }
        })
        .collect_view();
    let search = asked.search.clone();
    let list = if is_empty {
        Either::Left(view! { <p>{words.no_members}</p> })
    } else {
        Either::Right(view! { <ul class="people-list">{rows}</ul> })
    };
    view! {
        <section class="card" aria-labelledby="members">
            <div class="card-head">
                <h2 id="members">{words.members} " " <span class="chip">{total}</span></h2>
                <Form method="GET" action=paths::TEAM attr:class="search" attr:role="search">
                    <label class="visually-hidden" for="q">
                        {words.member_search}
                    </label>
                    <Icon name="search" />
                    <input class="input" id="q" name="q" type="search" placeholder=words.member_search value=search />
                    <button class="visually-hidden" type="submit">
                        {words.search_button}
                    </button>
                </Form>
            </div>
            {list}
            {(pages > 1).then(|| view! { <Pager page=page pages=pages total=total url=move |to| asked.url(to, asked.invitations) /> })}
        </section>
    }
}

#[component]
fn Line(member: MemberView, viewer: Viewer, moves: Moves, before: Option<Start<Standing>>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let may_change = viewer.role.may(Permission::to_grant(member.role));
    let name = member.email.clone();
    let changes = (may_change || member.is_me).then(|| {
        let member = member.clone();
        let is_open = before.is_some();
        view! {
            <details class="people-more" open=is_open>
                <summary class="button button--small" aria-label=format!("{name} {}", words.change)>
                    {words.change}
                </summary>
                <div class="people-changes">
                    {may_change.then(|| view! { <RoleForm member=member.clone() viewer=viewer moves=moves before=before /> })}
                    {if member.is_me {
                        Either::Left(view! { <Leave moves=moves /> })
                    } else {
                        Either::Right(view! { <Remove member=member moves=moves /> })
                    }}
                </div>
            </details>
        }
    });
    view! {
        <li class="people-row">
            <div class="people-who">
                <p class="row">
                    <strong>{member.email}</strong>
                    {member.is_me.then(|| view! { <span class="chip chip--new">{words.me}</span> })}
                    <span class="chip">{role_text(lang, member.role)}</span>
                    {member.store.map(|(_, name)| view! { <span class="chip chip--version">{name}</span> })}
                </p>
                <p class="kv-note">
                    {words.joined_at}
                    " "
                    <When at=member.joined_at />
                    {(!member.memo.is_empty()).then(|| format!(" · {}", member.memo))}
                </p>
            </div>
            {changes}
        </li>
    }
}

#[component]
fn RoleForm(member: MemberView, viewer: Viewer, moves: Moves, before: Option<Start<Standing>>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let account: Account = expect_context();
    let action = ServerAction::<ChangeRole>::new();
    account.reload_after(action);
    Effect::new(move |_| {
        if action.value().with(|outcome| matches!(outcome, Some(Ok(())))) {
            moves.roles.update(|times| *times += 1);
        }
    });
    let failed = refused_by(action, before.as_ref().and_then(Start::refusal));
    let stores = limits(&viewer, words);
    let (role, selected) = before.map_or_else(
        || {
            let store = member.store.map(|(id, _)| id.to_string()).unwrap_or_default();
            (member.role.as_str().to_owned(), store)
        },
        |before| (before.form.role, before.form.store),
    );
    let may_limit = stores.len() > 1 && viewer.role.may(Permission::to_grant(Role::Viewer));
    let store = if may_limit {
        Either::Left(view! {
            <SelectField
                id=format!("store-{}", member.id)
                name="store"
                label=words.limit
                options=stores
                selected=selected
                error=field_error(failed, "store")
            >
                <p class="field-help">{words.limit_help}</p>
            </SelectField>
        })
    } else {
        Either::Right(view! { <input type="hidden" name="store" value=selected /> })
    };
    view! {
        <ActionForm action=action attr:class="stack stack--tight">
            <ErrorBanner error=failed />
            <input type="hidden" name="id" value=member.id.to_string() />
            <SelectField
                id=format!("role-{}", member.id)
                name="role"
                label=words.role
                options=grantable(viewer.role, lang)
                selected=role
                error=field_error(failed, "role")
            />
            {store}
            <button class="button" type="submit">
                {words.change_role}
            </button>
        </ActionForm>
    }
}

#[component]
fn Remove(member: MemberView, moves: Moves) -> impl IntoView {
    let words = use_words();
    view! {
        <ActionForm action=moves.remove attr:class="stack stack--tight">
            <input type="hidden" name="id" value=member.id.to_string() />
            <p class="kv-note">{words.remove_text}</p>
            <button class="button button--danger" type="submit">
                {words.remove}
            </button>
        </ActionForm>
    }
}

#[component]
fn Leave(moves: Moves) -> impl IntoView {
    let words = use_words();
    view! {
        <ActionForm action=moves.leave attr:class="stack stack--tight">
            <p class="kv-note">{words.leave_text}</p>
            <button class="button button--danger" type="submit">
                {words.leave}
            </button>
        </ActionForm>
    }
}
