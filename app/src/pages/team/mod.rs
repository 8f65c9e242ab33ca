//! 팀: who may work with the merchant's channels.

mod invitations;
mod invite;
mod members;

use domain::member::Permission;
use leptos::{either::Either, prelude::*};
use leptos_router::{hooks::use_query_map, location::Url};

use invitations::Invitations;
use invite::Invite;
use members::Members;

use crate::{
    api::team::{LeaveTeam, RemoveMember, ResendInvitation, TeamStart, WithdrawInvitation, load_team, load_team_start},
    components::{Banner, ErrorBanner, Tone},
    pages::console::{PageError, PageHead},
    paths,
    routes::Account,
    text::use_words,
};

/// What the URL asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    search: String,
    page: u64,
    /// The page of the invitations.
    invitations: u64,
}

impl Asked {
    fn url(&self, page: u64, invitations: u64) -> String {
        let search = Url::escape(&self.search);
        format!("{}?q={search}&page={page}&invitations={invitations}", paths::TEAM)
    }
}

/// What can be done on the page at a button, each with what refused it.
#[derive(Clone, Copy)]
struct Moves {
    /// How often a role was changed; the form that did it says why not.
    roles: RwSignal<usize>,
    remove: ServerAction<RemoveMember>,
    leave: ServerAction<LeaveTeam>,
    resend: ServerAction<ResendInvitation>,
    withdraw: ServerAction<WithdrawInvitation>,
}

impl Moves {
    fn new() -> Self {
        Self {
            roles: RwSignal::new(0),
            remove: ServerAction::new(),
            leave: ServerAction::new(),
            resend: ServerAction::new(),
            withdraw: ServerAction::new(),
        }
    }

    fn versions(self) -> usize {
        let people = self.roles.get() + self.remove.version().get();
        people + self.resend.version().get() + self.withdraw.version().get()
    }

    fn failed(self) -> Signal<Option<crate::api::AppError>> {
        Signal::derive(move || {
            let outcomes = [
                self.remove.value().get(),
                self.leave.value().get(),
                self.resend.value().get(),
                self.withdraw.value().get(),
            ];
            outcomes.into_iter().flatten().find_map(Result::err)
        })
    }
}

#[component]
pub fn TeamPage() -> impl IntoView {
    let words = use_words();
    let account: Account = expect_context();
    let query = use_query_map();
    let part = move |name: &str| query.with(|query| query.get(name).unwrap_or_default());
    let asked = Memo::new(move |_| Asked {
        search: part("q"),
        page: part("page").parse().unwrap_or(1),
        invitations: part("invitations").parse().unwrap_or(1),
    });
    let done = Memo::new(move |_| part("done"));
    let moves = Moves::new();
    let is_draft = query.with_untracked(|query| query.get("draft").is_some());
    let start = Resource::new(
        move || is_draft,
        async |is_draft| if is_draft { load_team_start().await.unwrap_or_default() } else { TeamStart::default() },
    );
    let team = Resource::new(
        move || (asked.get(), moves.versions(), done.get()),
        |(asked, ..)| load_team(asked.search, asked.page, asked.invitations),
    );
    let invite = move || {
        Suspend::new(async move {
            let viewer = account.person().await.filter(|viewer| viewer.role.may(Permission::ManageMembers))?;
            let start = start.await.invite;
            Some(view! { <Invite viewer=viewer start=start /> })
        })
    };
    view! {
        <PageHead title=words.team lead=words.team_lead />
        <Done done=done />
        <ErrorBanner error=moves.failed() />
        <Transition>{invite}</Transition>
        <Transition>
            {move || Suspend::new(async move {
                let viewer = account.person().await;
                let before = start.await.role;
                match (team.await, viewer) {
                    (Ok(page), Some(viewer)) => {
                        let asked = asked.get_untracked();
                        let invitations = page
                            .invitations
                            .map(|page| view! { <Invitations page=page asked=asked.clone() viewer=viewer.clone() moves=moves /> });
                        Either::Left(
                            view! {
                                {invitations}
                                <Members page=page.members asked=asked viewer=viewer moves=moves before=before />
                            },
                        )
                    }
                    (Err(error), _) => Either::Right(Some(view! { <PageError error=error /> })),
                    (Ok(_), None) => Either::Right(None),
                }
            })}
        </Transition>
    }
}

/// What has just been done, after the redirect.
#[component]
fn Done(done: Memo<String>) -> impl IntoView {
    let words = use_words();
    move || {
        let title = match done.get().as_str() {
            "invited" => words.invited_done,
            "resent" => words.resent_done,
            "withdrawn" => words.withdrawn_done,
            "role" => words.role_done,
            "removed" => words.removed_done,
            _ => return None,
        };
        Some(view! { <Banner tone=Tone::Success title=title /> })
    }
}

/// The roles that somebody of `own` role may give and take away, as a list's options.
fn grantable(own: domain::member::Role, lang: crate::text::Lang) -> Vec<(String, String)> {
    let roles = domain::member::Role::ALL.into_iter().rev();
    roles
        .filter(|role| own.may(Permission::to_grant(*role)))
        .map(|role| (role.as_str().to_owned(), crate::text::role_text(lang, role).to_owned()))
        .collect()
}

/// The stores to which somebody may be limited, after the choice of none.
fn limits(viewer: &crate::api::viewer::Viewer, words: &crate::text::Words) -> Vec<(String, String)> {
    let all = (String::new(), words.all_stores.to_owned());
    std::iter::once(all).chain(viewer.sub_stores().map(|store| (store.id.to_string(), store.name.clone()))).collect()
}
