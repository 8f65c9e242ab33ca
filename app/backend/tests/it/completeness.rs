//! Every use case that changes something leaves one entry in the trail, and where the trail cannot be written it changes
//! nothing.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use backend::{Action, Actor, Change, Language, Operator, sessions};
use domain::{
    application::{Review, State, Step},
    channel::history::RollBackForm,
    clock::Clock as _,
    member::Role,
    own_account::{ChangeEmailForm, ChangePasswordForm},
    secret::Typed,
    store::StoreForm,
    team::Standing,
};
use time::Duration;
use tower_sessions::{
    SessionStore as _,
    session::{Id, Record},
};

use crate::{
    applications::{business, certificate, consents, ksnet_choice},
    credentials::{asked_for, my_password, rolling, shown},
    support::{Bench, OTHER_PASSWORD, PASSWORD, Typing as _, invite_form, ksnet, named, shared_ksnet, twice},
};

/// All that the tables hold, row by row, but what counts attempts.
async fn everything(bench: &Bench) -> BTreeMap<String, Vec<String>> {
    let is_sqlite = bench.backend.db().is_sqlite();
    let tables = if is_sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
    };
    let mut all = BTreeMap::new();
    for table in bench.values::<String>(tables).await {
        if table == "rate_counters" {
            continue;
        }
        let row = if is_sqlite {
            let columns = bench.values::<String>(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
            columns.iter().map(|name| format!("quote(\"{name}\")")).collect::<Vec<_>>().join(" || '|' || ")
        } else {
            "t::text".to_owned()
        };
        let mut rows = bench.values::<String>(&format!("SELECT {row} FROM \"{table}\" t")).await;
        rows.sort_unstable();
        all.insert(table, rows);
    }
    all
}

/// Nobody can write the trail, or everybody can again.
async fn close_trail(bench: &Bench, closed: bool) {
    let sql = match (bench.backend.db().is_sqlite(), closed) {
        (true, true) => {
            "CREATE TRIGGER closed BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'the trail is closed'); END"
        }
        (true, false) => "DROP TRIGGER closed",
        (false, true) => "ALTER TABLE audit_events ADD CONSTRAINT closed CHECK (seq < 0) NOT VALID",
        (false, false) => "ALTER TABLE audit_events DROP CONSTRAINT closed",
    };
    bench.sql(sql).await;
}

async fn actions(bench: &Bench) -> Vec<String> {
    bench.values("SELECT action FROM audit_events ORDER BY action").await
}

/// Does something twice: while the trail is closed, which changes nothing, and while it is open, which leaves one entry.
macro_rules! leaves_one {
    ($bench:ident, $seen:ident, $action:ident, $work:expr) => {{
        let before = everything(&$bench).await;
        close_trail(&$bench, true).await;
        assert!($work.await.is_err(), "{:?} was done without its entry", Action::$action);
        close_trail(&$bench, false).await;
        let after = everything(&$bench).await;
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{table} was changed by what left no entry: {:?}", Action::$action);
        }
        leaves_one!(once, $bench, $seen, $action, $work)
    }};
    // What may be tried once a minute only.
    (once, $bench:ident, $seen:ident, $action:ident, $work:expr) => {{
        let mut expected = actions(&$bench).await;
        let done = $work.await.unwrap();
        expected.push(Action::$action.as_str().to_owned());
        expected.sort_unstable();
        assert_eq!(actions(&$bench).await, expected);
        $seen.insert(Action::$action.as_str());
        done
    }};
}

const ME: &str = "me@example.com";
const KIM: &str = "kim@example.com";

/// The same of 전자결제 신청.
async fn applying(bench: &Bench, seen: &mut BTreeSet<&'static str>, owner: &Actor) {
    let backend = &bench.backend;
    let (ko, by) = (Language::Korean, Operator::Machine);
    leaves_one!(bench, seen, ApplicationConsented, backend.consent_to_apply(owner, &consents()));
    for step in [Step::Business, Step::Service, Step::Settlement] {
        leaves_one!(bench, seen, ApplicationEdited, backend.save_application_step(owner, step, &business()));
    }
    leaves_one!(bench, seen, ApplicationFileKept, backend.keep_registration(owner, certificate()));
    let id = leaves_one!(bench, seen, ApplicationChosen, backend.choose_module(owner, "ksnet", &ksnet_choice()));
    leaves_one!(bench, seen, ApplicationDropped, backend.drop_application(owner, id));
    let id = backend.choose_module(owner, "ksnet", &ksnet_choice()).await.unwrap();
    leaves_one!(bench, seen, ApplicationSubmitted, backend.submit_applications(owner, &[id], ko));
    leaves_one!(bench, seen, ApplicationDisclosed, backend.disclose_account(id));
    leaves_one!(bench, seen, ApplicationDisclosed, backend.disclose_file(id));
    leaves_one!(bench, seen, ApplicationMoved, backend.move_application(by, id, State::Rejected, "이유"));
    leaves_one!(bench, seen, ApplicationBegunAgain, backend.begin_again(owner, id, ko));
    backend.submit_applications(owner, &[id], ko).await.unwrap();
    for to in [State::InReview, State::Contracted] {
        leaves_one!(bench, seen, ApplicationMoved, backend.move_application(by, id, to, ""));
    }
    let noted = || backend.note_review(owner, id, "366", Some(Review::Approved));
    leaves_one!(bench, seen, ApplicationReviewNoted, noted());
}

on_both_databases!(whatever_is_done_leaves_one_entry_and_without_it_is_not_done, |bench| async move {
    let mut seen = BTreeSet::new();
    let backend = &bench.backend;
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    let me = bench.somebody();
    leaves_one!(bench, seen, MerchantCreated, backend.verify_email(letter.token(), me));
    let signed_in = leaves_one!(bench, seen, LoggedIn, bench.log_in(ME, PASSWORD));
    let owner = backend.actor(signed_in, me.address).await.unwrap();

    let store = StoreForm { name: "강남점".to_owned(), tier_code: "GN1".to_owned() };
    let store = leaves_one!(bench, seen, StoreAdded, backend.add_store(&owner, store.clone()));
    leaves_one!(bench, seen, StoreRenamed, backend.rename_store(&owner, store, "역삼점"));

    let key = leaves_one!(bench, seen, ChannelAdded, backend.add_channel(&owner, ksnet("하나"))).key;
    let change = || Change { seen_version: 1, form: named("둘").mid("ks0001") };
    leaves_one!(bench, seen, ChannelEdited, backend.edit_channel(&owner, key, change()));
    leaves_one!(bench, seen, ChannelPaused, backend.pause_channel(&owner, key));
    leaves_one!(bench, seen, ChannelResumed, backend.resume_channel(&owner, key));
    leaves_one!(bench, seen, ChannelAssigned, backend.assign_channel(&owner, key, &store.to_string()));
    leaves_one!(bench, seen, ChannelDeleted, backend.delete_channel(&owner, key));
    leaves_one!(bench, seen, ChannelRestored, backend.restore_channel(&owner, key));

    let back = || RollBackForm { to: 1, seen_version: 7, ..RollBackForm::default() };
    leaves_one!(bench, seen, ChannelRolledBack, backend.roll_back(&owner, key, &back()));
    let (field, typed) = ("api_key".parse().unwrap(), Typed::new("ksnet-api-key"));
    leaves_one!(bench, seen, SecretCompared, backend.compare_secret(&owner, key, &field, &typed));
    let twin = bench.add(&owner, shared_ksnet()).await;
    leaves_one!(bench, seen, ChannelsPaired, backend.pair_channels(&owner, twin, key));
    leaves_one!(bench, seen, ChannelsParted, backend.part_channels(&owner, twin));

    let asked = || asked_for("서버", "click-1");
    let issued = leaves_one!(bench, seen, ApiSecretIssued, backend.issue_api_secret(&owner, asked()));
    let kid = shown(Ok(issued)).kid;
    let rolled = leaves_one!(bench, seen, ApiSecretRolled, backend.roll_api_secret(&owner, rolling(&kid, "24")));
    let kid = shown(Ok(rolled)).kid;
    leaves_one!(bench, seen, ApiSecretRevoked, backend.revoke_api_secret(&owner, &kid, Language::Korean));
    leaves_one!(bench, seen, V1SecretShown, backend.show_v1_secret(&owner, "look-1", &my_password()));
    leaves_one!(bench, seen, V1SecretReissued, backend.reissue_v1_secret(&owner, "again-1", &my_password()));
    applying(&bench, &mut seen, &owner).await;
    let made = leaves_one!(bench, seen, CoreTokenCreated, backend.create_core_token("서울"));
    leaves_one!(bench, seen, CoreTokenRevoked, backend.revoke_core_token(&made.kid));

    bench.letters().await;
    leaves_one!(bench, seen, MemberInvited, backend.invite(&owner, invite_form(KIM, "dev"), me));
    bench.letters().await;
    let invitation = backend.open_invitations(&owner, 1).await.unwrap().items[0].id;
    leaves_one!(once, bench, seen, InvitationResent, backend.resend_invitation(&owner, invitation, me));
    let letter = bench.letter().await;
    leaves_one!(bench, seen, MemberJoined, bench.accept(letter.token()));
    backend.invite(&owner, invite_form("lee@example.com", "viewer"), me).await.unwrap();
    let invitation = backend.open_invitations(&owner, 1).await.unwrap().items[0].id;
    leaves_one!(bench, seen, InvitationWithdrawn, backend.withdraw_invitation(&owner, invitation));
    bench.letters().await;
    let kim = bench.member_id(&owner, KIM).await;
    let owner_too = Standing { role: Role::Owner, store: None };
    leaves_one!(bench, seen, RoleChanged, backend.change_role(&owner, kim, owner_too));
    let park = bench.a_member(&owner, "park@example.com", "viewer").await;
    leaves_one!(bench, seen, MemberLeft, backend.leave(&park));
    leaves_one!(bench, seen, MemberRemoved, backend.remove_member(&owner, kim));

    bench.letters().await;
    let new = Typed::new(OTHER_PASSWORD);
    let form =
        || ChangePasswordForm { current: Typed::new(PASSWORD), password: new.clone(), password_again: new.clone() };
    let signed_in = leaves_one!(bench, seen, PasswordChanged, backend.change_password(&owner, form(), me));
    let owner = backend.actor(signed_in, me.address).await.unwrap();
    bench.letters().await;
    let tried = Cell::new(0);
    let form = || {
        // An address gets one mail a minute.
        tried.set(tried.get() + 1);
        ChangeEmailForm { email: format!("new{}@example.com", tried.get()), current: new.clone() }
    };
    leaves_one!(bench, seen, EmailChangeAsked, backend.ask_for_email(&owner, form(), me));
    let letter = bench.letter().await;
    leaves_one!(bench, seen, EmailChanged, backend.change_email(letter.token(), me));
    bench.letters().await;
    backend.forgot_password("new2@example.com", me).await.unwrap();
    let letter = bench.letter().await;
    leaves_one!(bench, seen, PasswordReset, backend.reset_password(letter.token(), twice(PASSWORD), me));
    let signed_in = bench.log_in("new2@example.com", PASSWORD).await.unwrap();
    let owner = backend.actor(signed_in, me.address).await.unwrap();

    let data = HashMap::from([(sessions::keys::SIGNED_IN.to_owned(), serde_json::to_value(signed_in).unwrap())]);
    let mut session = Record { id: Id::default(), data, expiry_date: bench.clock.now() + Duration::HOUR };
    backend.sessions().create(&mut session).await.unwrap();
    let handle = sessions::handle(&session.id);
    leaves_one!(bench, seen, SessionEnded, backend.end_session(&owner, &handle));
    leaves_one!(bench, seen, SignedOutEverywhere, backend.sign_out_everywhere(&owner));
    leaves_one!(bench, seen, LanguageChosen, backend.choose_language(&owner, Language::English));
    leaves_one!(bench, seen, LoggedOut, backend.log_out(&owner));

    // What is done to the key ring, and its one entry each, is in `rotation.rs`.
    seen.extend([Action::KeyRotated.as_str(), Action::KeyRemoved.as_str()]);
    let all: BTreeSet<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    assert_eq!(all.difference(&seen).collect::<Vec<_>>(), [&""; 0], "of these nobody has tried");
    let found = backend.verify_trails(&backend.audit_heads().await.unwrap()).await.unwrap();
    assert_eq!(found.unsound, []);
});
