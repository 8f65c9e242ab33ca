//! 팀: inviting, roles, leaving; there is always an Owner.

use backend::{Actor, Error, TeamQuery};
use domain::{
    form::ErrorCode,
    id::MemberId,
    member::Role,
    own_account::ConsentsForm,
    team::{InviteForm, Standing},
};
use time::Duration;

use crate::support::{Bench, PASSWORD, PUBLIC_URL, beside, invite_form, ksnet, twice};

const KIM: &str = "kim@example.com";
const LEE: &str = "lee@example.com";

const fn as_(role: Role) -> Standing {
    Standing { role, store: None }
}

async fn invite(bench: &Bench, by: &Actor, email: &str, role: &str) -> backend::Result<()> {
    bench.backend.invite(by, invite_form(email, role), bench.somebody()).await
}

async fn role_of(bench: &Bench, email: &str) -> Option<Role> {
    bench.actor_of(email).await.role()
}

on_both_databases!(an_invited_person_chooses_a_password_and_is_in, |bench| async move {
    let owner = bench.an_owner().await;
    let form = InviteForm { memo: "정산 담당".to_owned(), ..invite_form(KIM, "dev") };
    bench.backend.invite(&owner, form, bench.somebody()).await.unwrap();
    let letter = bench.letter().await;
    assert!(letter.to == KIM && letter.links()[0].starts_with(&format!("{PUBLIC_URL}/invitations?token=")));
    let invited = bench.backend.invitation(letter.token()).await.unwrap().unwrap();
    assert_eq!((invited.email.as_str(), invited.role), (KIM, Role::Dev));
    bench.accept(letter.token()).await.unwrap();
    let kim = bench.actor_of(KIM).await;
    assert_eq!((kim.role(), bench.imp_code(&kim).await), (Some(Role::Dev), bench.imp_code(&owner).await));
    let team = bench.backend.team(&kim, TeamQuery::default()).await.unwrap();
    let line = team.items.iter().find(|line| line.email == KIM).unwrap();
    assert_eq!((team.total, line.memo.as_str(), line.is_me), (2, "정산 담당", true));
    assert_eq!(bench.backend.open_invitations(&owner, 1).await.unwrap().total, 0);
    for action in ["member.invited", "member.joined"] {
        assert_eq!(bench.trail_of(action).await, ["done"], "{action}");
    }
});

on_both_databases!(an_invitation_works_once_and_for_7_days, |bench| async move {
    let owner = bench.an_owner().await;
    invite(&bench, &owner, KIM, "dev").await.unwrap();
    let letter = bench.letter().await;
    let caller = bench.somebody();
    let clicks = bench
        .at_once(8, |backend, _| {
            let token = letter.token().to_owned();
            let consents = ConsentsForm { terms: "on".into(), privacy: "on".into(), ..ConsentsForm::default() };
            async move { backend.accept_invitation(&token, twice(PASSWORD), &consents, caller).await }
        })
        .await;
    assert_eq!(clicks.iter().filter(|click| click.is_ok()).count(), 1, "{clicks:?}");

    invite(&bench, &owner, LEE, "dev").await.unwrap();
    let letter = bench.letter().await;
    bench.clock.pass(Duration::days(7) - Duration::SECOND);
    assert!(bench.backend.invitation(letter.token()).await.unwrap().is_some());
    bench.clock.pass(Duration::SECOND);
    assert_eq!(bench.backend.invitation(letter.token()).await.unwrap(), None);
    assert_is!(bench.accept(letter.token()).await, Err(Error::LinkInvalid));
    invite(&bench, &owner, LEE, "viewer").await.unwrap();
});

on_both_databases!(an_invited_person_agrees_and_chooses_a_good_password, |bench| async move {
    let owner = bench.an_owner().await;
    invite(&bench, &owner, KIM, "dev").await.unwrap();
    let letter = bench.letter().await;
    let none = ConsentsForm::default();
    let refused = bench.backend.accept_invitation(letter.token(), twice(PASSWORD), &none, bench.somebody()).await;
    assert_eq!(beside("privacy", refused), Some(ErrorCode::ConsentRequired));
    let all = ConsentsForm { terms: "on".into(), privacy: "on".into(), ..none };
    let weak = bench.backend.accept_invitation(letter.token(), twice("password123"), &all, bench.somebody()).await;
    assert_eq!(beside("password", weak), Some(ErrorCode::PasswordWeak));
    bench.accept(letter.token()).await.unwrap();
});

on_both_databases!(an_invitation_sent_again_has_another_link_and_the_old_one_is_dead, |bench| async move {
    let owner = bench.an_owner().await;
    invite(&bench, &owner, KIM, "dev").await.unwrap();
    let first = bench.letter().await;
    let id = bench.backend.open_invitations(&owner, 1).await.unwrap().items[0].id;
    bench.backend.resend_invitation(&owner, id, bench.somebody()).await.unwrap();
    let second = bench.letter().await;
    assert_is!(bench.accept(first.token()).await, Err(Error::LinkInvalid));
    let at_once = bench.backend.resend_invitation(&owner, id, bench.somebody()).await;
    assert_is!(at_once, Err(Error::TooManyAttempts { .. }));
    bench.accept(second.token()).await.unwrap();
});

on_both_databases!(a_withdrawn_invitation_is_dead, |bench| async move {
    let owner = bench.an_owner().await;
    invite(&bench, &owner, KIM, "dev").await.unwrap();
    let letter = bench.letter().await;
    let id = bench.backend.open_invitations(&owner, 1).await.unwrap().items[0].id;
    let stranger = bench.an_owner().await;
    assert_is!(bench.backend.withdraw_invitation(&stranger, id).await, Err(Error::NotFound));
    assert_is!(bench.backend.resend_invitation(&stranger, id, bench.somebody()).await, Err(Error::NotFound));
    bench.backend.withdraw_invitation(&owner, id).await.unwrap();
    assert_is!(bench.accept(letter.token()).await, Err(Error::LinkInvalid));
    assert_is!(bench.backend.withdraw_invitation(&owner, id).await, Err(Error::NotFound));
    assert_eq!(bench.trail_of("member.invitation_withdrawn").await, ["done"]);
});

on_both_databases!(an_address_with_an_account_elsewhere_is_answered_the_same_and_told_so_by_mail, |bench| async move {
    bench.an_owner_called(KIM).await;
    let owner = bench.an_owner().await;
    invite(&bench, &owner, KIM, "dev").await.unwrap();
    invite(&bench, &owner, LEE, "dev").await.unwrap();
    let letters = bench.letters().await;
    let told = letters.iter().find(|letter| letter.to == KIM).unwrap();
    assert_eq!(told.links(), [format!("{PUBLIC_URL}/login")]);
    let open = bench.backend.open_invitations(&owner, 1).await.unwrap();
    assert!(open.items.iter().all(|line| !line.is_over) && open.total == 2, "{open:?}");
    for line in open.items {
        bench.backend.resend_invitation(&owner, line.id, bench.somebody()).await.unwrap();
    }
});

on_both_databases!(somebody_of_the_team_or_invited_already_is_not_invited_again, |bench| async move {
    let owner = bench.an_owner_called(KIM).await;
    assert_eq!(beside("email", invite(&bench, &owner, "KIM@example.com", "dev").await), Some(ErrorCode::AlreadyMember));
    invite(&bench, &owner, LEE, "dev").await.unwrap();
    assert_eq!(beside("email", invite(&bench, &owner, LEE, "viewer").await), Some(ErrorCode::AlreadyInvited));
});

on_both_databases!(each_role_invites_whom_it_may, |bench| async move {
    let owner = bench.an_owner().await;
    for (number, role) in Role::ALL.into_iter().enumerate() {
        let email = format!("{}@example.com", role.as_str());
        let actor = bench.a_member(&owner, &email, role.as_str()).await;
        for granted in Role::ALL {
            let to = format!("x{number}{}@example.com", granted.as_str());
            let invited = invite(&bench, &actor, &to, granted.as_str()).await;
            let may = match granted {
                Role::Owner | Role::Admin => role == Role::Owner,
                _ => matches!(role, Role::Owner | Role::Admin),
            };
            assert_eq!(invited.is_ok(), may, "{role:?} invites {granted:?}");
        }
        let sees = bench.backend.open_invitations(&actor, 1).await.is_ok();
        assert_eq!(sees, matches!(role, Role::Owner | Role::Admin), "{role:?}");
        bench.letters().await;
    }
    let refused = bench.trail_of("member.invited").await.iter().filter(|outcome| *outcome == "refused").count();
    assert_eq!(refused, 2 + 3 * 5);
});

on_both_databases!(a_role_taken_away_is_gone_at_the_next_request, |bench| async move {
    let owner = bench.an_owner().await;
    bench.a_member(&owner, KIM, "admin").await;
    let session = bench.log_in(KIM, PASSWORD).await.unwrap();
    let id = bench.member_id(&owner, KIM).await;
    bench.backend.change_role(&owner, id, as_(Role::Viewer)).await.unwrap();
    let kim = bench.backend.actor(session, bench.somebody().address).await.unwrap();
    assert_is!(bench.backend.add_channel(&kim, ksnet("하나")).await, Err(Error::Forbidden));
    assert_eq!(bench.trail_of("member.role_changed").await, ["done"]);
});

on_both_databases!(a_request_that_was_under_way_does_not_outlive_the_role, |bench| async move {
    let owner = bench.an_owner().await;
    let admin = bench.a_member(&owner, KIM, "admin").await;
    bench.a_member(&owner, LEE, "viewer").await;
    let (kim, lee) = (bench.member_id(&owner, KIM).await, bench.member_id(&owner, LEE).await);
    bench.backend.change_role(&owner, kim, as_(Role::Viewer)).await.unwrap();
    // `admin` is who asked before.
    assert_is!(bench.backend.change_role(&admin, lee, as_(Role::Dev)).await, Err(Error::Forbidden));
    assert_is!(bench.backend.remove_member(&admin, lee).await, Err(Error::Forbidden));
    assert_eq!(bench.trail_of("member.removed").await, ["refused"]);
});

on_both_databases!(nobody_raises_themselves_or_touches_those_above, |bench| async move {
    let owner = bench.an_owner_called("owner@example.com").await;
    let admin = bench.a_member(&owner, KIM, "admin").await;
    let dev = bench.a_member(&owner, LEE, "dev").await;
    let id = async |email| bench.member_id(&owner, email).await;
    let (top, kim, lee) = (id("owner@example.com").await, id(KIM).await, id(LEE).await);
    for (actor, member, role) in [
        (&admin, kim, Role::Owner),
        (&admin, lee, Role::Admin),
        (&admin, top, Role::Viewer),
        (&dev, lee, Role::Owner),
        (&dev, kim, Role::Viewer),
    ] {
        assert_is!(bench.backend.change_role(actor, member, as_(role)).await, Err(Error::Forbidden));
    }
    assert_is!(bench.backend.remove_member(&admin, top).await, Err(Error::Forbidden));
    assert_is!(bench.backend.remove_member(&dev, kim).await, Err(Error::Forbidden));
    bench.backend.change_role(&admin, lee, as_(Role::Manager)).await.unwrap();
});

on_both_databases!(a_member_of_another_merchant_is_not_found, |bench| async move {
    bench.an_owner_called(KIM).await;
    let kim = bench.actor_of(KIM).await;
    let id = bench.member_id(&kim, KIM).await;
    let stranger = bench.an_owner().await;
    assert_is!(bench.backend.change_role(&stranger, id, as_(Role::Viewer)).await, Err(Error::NotFound));
    assert_is!(bench.backend.remove_member(&stranger, id).await, Err(Error::NotFound));
});

on_both_databases!(the_last_owner_stays_owner, |bench| async move {
    let owner = bench.an_owner_called(KIM).await;
    let id = bench.member_id(&owner, KIM).await;
    assert_is!(bench.backend.change_role(&owner, id, as_(Role::Admin)).await, Err(Error::LastOwner));
    assert_is!(bench.backend.leave(&owner).await, Err(Error::LastOwner));
    assert_is!(bench.backend.remove_member(&owner, id).await, Err(Error::LastOwner));
    bench.a_member(&owner, LEE, "owner").await;
    bench.backend.leave(&owner).await.unwrap();
    assert_eq!(role_of(&bench, LEE).await, Some(Role::Owner));
});

on_both_databases!(of_500_demotions_removals_and_leaves_at_once_one_owner_is_left, |bench| async move {
    let first = bench.an_owner_called("owner0@example.com").await;
    let mut owners: Vec<(Actor, MemberId)> = Vec::new();
    for number in 1..10 {
        let email = format!("owner{number}@example.com");
        let actor = bench.a_member(&first, &email, "owner").await;
        owners.push((actor, bench.member_id(&first, &email).await));
    }
    let id = bench.member_id(&first, "owner0@example.com").await;
    owners.push((first, id));
    let attempts = bench
        .at_once(500, |backend, index| {
            let (actor, _) = owners[index % 10].clone();
            let (_, victim) = owners[(index / 10 + index) % 10].clone();
            async move {
                match index % 3 {
                    0 => backend.change_role(&actor, victim, as_(Role::Viewer)).await,
                    1 => backend.remove_member(&actor, victim).await,
                    _ => backend.leave(&actor).await,
                }
            }
        })
        .await;
    let known = |outcome: &backend::Result<()>| {
        let expected = Error::LastOwner;
        match outcome {
            Ok(()) | Err(Error::Forbidden | Error::NotFound | Error::Unauthenticated | Error::Unavailable) => true,
            Err(other) => other.code() == expected.code(),
        }
    };
    assert!(attempts.iter().all(known), "{attempts:?}");
    let left: i64 = bench.value("SELECT COUNT(*) FROM members WHERE role = 'owner' AND removed_at IS NULL").await;
    assert_eq!(left, 1);
});

on_both_databases!(a_removed_member_is_out_at_once_and_stays_in_the_history, |bench| async move {
    let owner = bench.an_owner().await;
    let kim = bench.a_member(&owner, KIM, "dev").await;
    let session = bench.log_in(KIM, PASSWORD).await.unwrap();
    let key = bench.add(&kim, ksnet("하나")).await;
    let id = bench.member_id(&owner, KIM).await;
    bench.backend.remove_member(&owner, id).await.unwrap();
    assert_is!(bench.backend.actor(session, bench.somebody().address).await, Err(Error::Unauthenticated));
    assert_is!(bench.log_in(KIM, PASSWORD).await, Err(Error::WrongCredentials));
    assert_eq!(bench.backend.team(&owner, TeamQuery::default()).await.unwrap().total, 1);
    assert_eq!(bench.backend.channel_versions(&owner, key).await.unwrap()[0].by, KIM);
    assert_is!(bench.backend.remove_member(&owner, id).await, Err(Error::NotFound));
});

on_both_databases!(the_address_of_a_removed_member_is_free_for_a_new_account, |bench| async move {
    let owner = bench.an_owner().await;
    bench.a_member(&owner, KIM, "dev").await;
    let id = bench.member_id(&owner, KIM).await;
    bench.backend.remove_member(&owner, id).await.unwrap();
    let again = bench.a_member(&owner, KIM, "viewer").await;
    assert_eq!(again.role(), Some(Role::Viewer));
    bench.backend.leave(&again).await.unwrap();
    let own = bench.an_owner_called(KIM).await;
    assert_ne!(bench.imp_code(&own).await, bench.imp_code(&owner).await);
    assert_eq!(bench.trail_of("member.left").await, ["done"]);
});

on_both_databases!(a_password_link_of_a_removed_member_is_dead, |bench| async move {
    let owner = bench.an_owner().await;
    bench.a_member(&owner, KIM, "dev").await;
    bench.backend.forgot_password(KIM, bench.somebody()).await.unwrap();
    let letter = bench.letter().await;
    let id = bench.member_id(&owner, KIM).await;
    bench.backend.remove_member(&owner, id).await.unwrap();
    let late = bench.backend.reset_password(letter.token(), twice(PASSWORD), bench.somebody()).await;
    assert_is!(late, Err(Error::LinkInvalid));
});

on_both_databases!(a_thousand_members_are_listed_in_pages_and_found, |bench| async move {
    let owner = bench.an_owner_called("owner@example.com").await;
    let uuid = if bench.backend.db().is_sqlite() { "randomblob(16)" } else { "gen_random_uuid()" };
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)";
    let columns = "merchant_id, email, email_key, password_hash, role, session_epoch, terms_version, marketing, \
                   consented_at, created_at, memo";
    let values = "m.merchant_id, 'p' || i || '@example.com', 'p' || i || '@example.com', '', 'viewer', 0, '', \
                  m.marketing, 0, m.created_at + i, 'memo ' || i";
    let only = "m.email = 'owner@example.com'";
    bench
        .sql(&format!(
            "INSERT INTO members (id, {columns}) {numbers} SELECT {uuid}, {values} FROM n, members m WHERE {only}"
        ))
        .await;
    let page = |page| bench.backend.team(&owner, TeamQuery { search: String::new(), page });
    let (first, last) = (page(0).await.unwrap(), page(u64::MAX).await.unwrap());
    assert_eq!((first.total, first.pages, first.items.len()), (1000, 50, 20));
    assert_eq!((last.page, last.items.len(), last.items[19].email.as_str()), (50, 20, "p999@example.com"));
    let find = |search: &str| bench.backend.team(&owner, TeamQuery { search: search.to_owned(), page: 1 });
    assert_eq!(find("P77@EXAMPLE").await.unwrap().total, 1);
    assert_eq!(find("Memo 77").await.unwrap().total, 11);
    assert_eq!(find("%").await.unwrap().total, 0);
});
