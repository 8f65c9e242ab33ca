use domain::{member::Permission, page::Page, team::InvitationView};
use leptos::prelude::*;

use super::{Asked, Moves};
use crate::{
    api::viewer::Viewer,
    components::{Pager, When},
    text::{role_text, use_lang, use_words},
};

/// Who was invited and has not come yet.
#[component]
pub fn Invitations(page: Page<InvitationView>, asked: Asked, viewer: Viewer, moves: Moves) -> impl IntoView {
    let words = use_words();
    if page.items.is_empty() {
        return None;
    }
    let Page { items, page, pages, total } = page;
    let rows = items
        .into_iter()
        .map(|line| {
            let may = viewer.role.may(Permission::to_grant(line.role));
            view! { <Line line=line may=may moves=moves /> }
        })
        .collect_view();
    Some(view! {
        <section class="card" aria-labelledby="invitations">
            <div class="card-head">
                <h2 id="invitations">{words.invitations}</h2>
            </div>
            <ul class="people-list">{rows}</ul>
            {(pages > 1).then(|| view! { <Pager page=page pages=pages total=total url=move |to| asked.url(asked.page, to) /> })}
        </section>
    })
}

#[component]
fn Line(line: InvitationView, may: bool, moves: Moves) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let (until, chip) = if line.is_over { (words.invitation_over, "chip chip--old") } else { (words.until, "chip") };
    let (id, same_id) = (line.id.to_string(), line.id.to_string());
    let again = format!("{} {}", line.email, words.resend_invitation);
    let withdraw = format!("{} {}", line.email, words.withdraw);
    let buttons = may.then(|| {
        view! {
            <div class="row">
                <ActionForm action=moves.resend>
                    <input type="hidden" name="id" value=id />
                    <button class="button button--small" type="submit" aria-label=again>
                        {words.resend_invitation}
                    </button>
                </ActionForm>
                <ActionForm action=moves.withdraw>
                    <input type="hidden" name="id" value=same_id />
                    <button
                        class="button button--small button--danger"
                        type="submit"
                        aria-label=withdraw
                    >
                        {words.withdraw}
                    </button>
                </ActionForm>
            </div>
        }
    });
    view! {
        <li class="people-row">
            <div class="people-who">
                <p class="row">
                    <strong>{line.email}</strong>
                    <span class="chip">{role_text(lang, line.role)}</span>
                    {line.store.map(|(_, name)| view! { <span class="chip chip--version">{name}</span> })}
                </p>
                <p class="kv-note">
                    <span class=chip>{until}</span>
                    " "
                    <When at=line.expires_at />
                    {(!line.memo.is_empty()).then(|| format!(" · {}", line.memo))}
                </p>
            </div>
            {buttons}
        </li>
    }
}
