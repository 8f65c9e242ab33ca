//! 전자결제 신청, from consent to contract.

use std::collections::BTreeMap;

use backend::{Actor, Error, Language, Operator};
use domain::{
    application::{
        ApplicationError, BusinessForm, ChoiceForm, ConsentForm, Issuer, Media, Review, State, Step, Upload,
    },
    channel::ChannelForm,
    credential::CoreScope,
    form::ErrorCode,
    id::ApplicationId,
    secret::Typed,
};

use crate::support::{Bench, Letter, Typing as _, live, named, test};

pub const NUMBER: &str = "110987654321";
pub const CONTENT: &[u8] = b"%PDF-1.7\n% canary of the certificate\nstartxref\n9\n%%EOF\n";
const KO: Language = Language::Korean;

pub fn consents() -> ConsentForm {
    let given = ["third_party", "collection"].map(|word| (word.to_owned(), "on".to_owned()));
    ConsentForm { consents: given.into() }
}

pub fn business() -> BusinessForm {
    BusinessForm {
        kind: "corporate".into(),
        number: "220-81-62517".into(),
        company: "고양이 상점".into(),
        representative: "김대표".into(),
        sector: "전자상거래".into(),
        trade: "소매업".into(),
        address: "서울시 강남구 1".into(),
        url: "https://shop.example.com".into(),
        contact_name: "이담당".into(),
        contact_email: "lee@shop.example.com".into(),
        contact_phone: "02-1234-5678".into(),
        bank: "신한은행".into(),
        account_number: Typed::new(NUMBER),
    }
}

pub fn certificate() -> Upload {
    Upload::parse("사업자등록증.pdf", CONTENT.to_vec()).unwrap()
}

fn ticks(values: &[&str]) -> BTreeMap<String, String> {
    values.iter().enumerate().map(|(n, value)| (n.to_string(), (*value).to_owned())).collect()
}

pub fn ksnet_choice() -> ChoiceForm {
    ChoiceForm {
        styles: ticks(&["결제창 일반결제"]), methods: ticks(&["일반결제|카드", "간편결제|카카오페이"])
    }
}

/// A merchant that has entered everything and put KSNET on its list.
pub async fn drafted(bench: &Bench, owner: &Actor) -> ApplicationId {
    let backend = &bench.backend;
    backend.consent_to_apply(owner, &consents()).await.unwrap();
    for step in [Step::Business, Step::Service, Step::Settlement] {
        backend.save_application_step(owner, step, &business()).await.unwrap();
    }
    backend.keep_registration(owner, certificate()).await.unwrap();
    backend.choose_module(owner, "ksnet", &ksnet_choice()).await.unwrap()
}

async fn submitted(bench: &Bench, owner: &Actor) -> ApplicationId {
    let id = drafted(bench, owner).await;
    bench.backend.submit_applications(owner, &[id], KO).await.unwrap();
    bench.letters().await;
    id
}

pub async fn state(bench: &Bench, actor: &Actor, id: ApplicationId) -> State {
    let all = bench.backend.application(actor).await.unwrap().contracts;
    all.into_iter().find(|contract| contract.id == id).unwrap().state
}

pub fn beside(field: &str, refused: Result<impl std::fmt::Debug, Error>) -> ErrorCode {
    match refused {
        Err(Error::Form(errors)) => errors.of(field).cloned().expect("an error beside the field"),
        other => panic!("not a refused form: {other:?}"),
    }
}

pub fn why(why: ApplicationError) -> ErrorCode {
    why.into()
}

pub async fn moved(bench: &Bench, id: ApplicationId, to: State, note: &str) -> Result<(), Error> {
    bench.backend.move_application(Operator::Machine, id, to, note).await
}

on_both_databases!(
    an_application_goes_from_consent_to_contract_and_everybody_who_decides_is_told,
    |bench| async move {
        let owner = bench.an_owner_called("kim@example.com").await;
        bench.a_member(&owner, "park@example.com", "admin").await;
        bench.a_member(&owner, "choi@example.com", "dev").await;
        bench.letters().await;
        let id = drafted(&bench, &owner).await;
        assert_eq!(state(&bench, &owner, id).await, State::Draft);
        bench.backend.submit_applications(&owner, &[id], KO).await.unwrap();
        let told = |letters: &[Letter]| {
            let mut to: Vec<_> = letters.iter().map(|letter| letter.to.clone()).collect();
            to.sort();
            to
        };
        let letters = bench.letters().await;
        let new: Vec<Letter> = letters.into_iter().filter(|letter| letter.body.contains("신청 완료")).collect();
        assert_eq!(told(&new), ["kim@example.com", "park@example.com"]);
        assert!(new[0].body.contains(&format!("/application/pgs/{id}")), "{:?}", new[0]);
        for (to, note, word) in [
            (State::InReview, "", "심사 중"),
            (State::ChangesRequested, "주소가 등록증과 다릅니다.", "주소가 등록증과 다릅니다."),
        ] {
            moved(&bench, id, to, note).await.unwrap();
            let letters = bench.letters().await;
            assert_eq!(letters.iter().filter(|letter| letter.body.contains(word)).count(), 2, "{to}");
        }
        let contract = bench.backend.application_contract(&owner, id).await.unwrap();
        assert_eq!(contract.details.unwrap().note, "주소가 등록증과 다릅니다.");
        bench.backend.submit_applications(&owner, &[id], KO).await.unwrap();
        moved(&bench, id, State::InReview, "").await.unwrap();
        moved(&bench, id, State::Contracted, "").await.unwrap();
        assert_eq!(state(&bench, &owner, id).await, State::Contracted);
        assert_is!(moved(&bench, id, State::Rejected, "늦었습니다").await, Err(Error::WrongStatus));
        assert_eq!(bench.trail_of("application.moved").await, ["done"; 4]);
        assert_eq!(bench.trail_of("application.submitted").await, ["done"; 2]);
    }
);

on_both_databases!(what_is_reviewed_stays_as_it_is_until_changes_are_asked_for, |bench| async move {
    let owner = bench.an_owner().await;
    let id = submitted(&bench, &owner).await;
    let backend = &bench.backend;
    let save = async || backend.save_application_step(&owner, Step::Business, &business()).await;
    assert_eq!(beside("step", save().await), why(ApplicationError::Locked));
    assert_eq!(beside("file", backend.keep_registration(&owner, certificate()).await), why(ApplicationError::Locked));
    let choose = async || backend.choose_module(&owner, "ksnet", &ksnet_choice()).await;
    assert_eq!(beside("module", choose().await), why(ApplicationError::AlreadyApplied));
    assert_is!(backend.drop_application(&owner, id).await, Err(Error::WrongStatus));
    assert_eq!(
        beside("note", moved(&bench, id, State::ChangesRequested, " ").await),
        why(ApplicationError::NoteNeeded)
    );
    moved(&bench, id, State::ChangesRequested, "주소를 고쳐 주세요").await.unwrap();
    save().await.unwrap();
    choose().await.unwrap();
    backend.keep_registration(&owner, certificate()).await.unwrap();
    moved(&bench, id, State::Rejected, "업종이 맞지 않습니다").await.unwrap();
    assert_is!(backend.submit_applications(&owner, &[id], KO).await, Err(Error::WrongStatus));
    backend.begin_again(&owner, id, KO).await.unwrap();
    assert_eq!(state(&bench, &owner, id).await, State::Draft);
});

on_both_databases!(nothing_is_submitted_before_everything_is_there, |bench| async move {
    let owner = bench.an_owner().await;
    let backend = &bench.backend;
    assert_is!(backend.save_application_step(&owner, Step::Business, &business()).await, Err(Error::WrongStatus));
    assert_is!(backend.keep_registration(&owner, certificate()).await, Err(Error::WrongStatus));
    let refused = backend.consent_to_apply(&owner, &ConsentForm::default()).await;
    assert_eq!(beside("consents.third_party", refused), why(ApplicationError::ConsentNeeded));
    backend.consent_to_apply(&owner, &consents()).await.unwrap();
    let id = backend.choose_module(&owner, "ksnet", &ksnet_choice()).await.unwrap();
    let submit = async || backend.submit_applications(&owner, &[id], KO).await;
    for step in [Step::Business, Step::Service, Step::Settlement] {
        assert_eq!(beside("contracts", submit().await), why(ApplicationError::BusinessIncomplete));
        backend.save_application_step(&owner, step, &business()).await.unwrap();
    }
    assert_eq!(beside("contracts", submit().await), why(ApplicationError::BusinessIncomplete));
    backend.keep_registration(&owner, certificate()).await.unwrap();
    assert_eq!(
        beside("contracts", backend.submit_applications(&owner, &[], KO).await),
        why(ApplicationError::ChooseOne)
    );
    submit().await.unwrap();
    let unlike =
        ChoiceForm { styles: ticks(&["결제창 정기결제"]), methods: ticks(&["일반결제|비트코인"]) };
    let refused = backend.choose_module(&owner, "ksnet", &unlike).await;
    assert_eq!(beside("methods", refused), ErrorCode::NotAChoice);
    assert_eq!(beside("module", backend.choose_module(&owner, "no_such", &unlike).await), ErrorCode::NotAChoice);
});

on_both_databases!(consents_keep_their_version_and_time, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.consent_to_apply(&owner, &consents()).await.unwrap();
    let first = bench.backend.application(&owner).await.unwrap().details.unwrap().consents;
    assert_eq!(first.len(), 2);
    bench.clock.pass(time::Duration::HOUR);
    let mut more = consents();
    more.consents.insert("marketing".into(), "on".into());
    bench.backend.consent_to_apply(&owner, &more).await.unwrap();
    bench.backend.consent_to_apply(&owner, &more).await.unwrap();
    let then = bench.backend.application(&owner).await.unwrap().details.unwrap().consents;
    assert_eq!(then[..2], first);
    assert_eq!(then[2].at - first[0].at, 3_600_000);
    assert_eq!(bench.trail_of("application.consented").await, ["done"; 2], "the same again is nothing new");
});

on_both_databases!(nobody_finds_the_account_number_or_the_file_in_the_database, |bench| async move {
    let owner = bench.an_owner().await;
    let id = submitted(&bench, &owner).await;
    assert!(!bench.stores(NUMBER.as_bytes()).await);
    assert!(!bench.stores(b"canary of the certificate").await);
    assert!(bench.stores("고양이 상점".as_bytes()).await, "the search finds what lies open");
    let file = bench.backend.registration(&owner).await.unwrap();
    assert_eq!((file.media, file.bytes.as_slice()), (Media::Pdf, CONTENT));
    // The operator at the machine gets both, and the merchant's trail says so.
    assert_eq!(bench.backend.disclose_account(id).await.unwrap().expose(), NUMBER);
    assert_eq!(bench.backend.disclose_file(id).await.unwrap().bytes, CONTENT);
    assert_eq!(bench.trail_of("application.disclosed").await, ["done"; 2]);
    let trail: Vec<String> = bench.values("SELECT details FROM audit_events WHERE action LIKE 'application%'").await;
    for hidden in [NUMBER, "김대표", "이담당", "lee@shop.example.com", "02-1234-5678"] {
        assert!(!trail.iter().any(|details| details.contains(hidden)), "{hidden}");
    }
});

on_both_databases!(
    a_blank_account_number_keeps_the_stored_one_and_an_earlier_one_does_not_come_back,
    |bench| async move {
        let owner = bench.an_owner().await;
        let id = submitted(&bench, &owner).await;
        moved(&bench, id, State::ChangesRequested, "확인해 주세요").await.unwrap();
        let backend = &bench.backend;
        let form =
            |number: &str| BusinessForm {
                bank: "국민은행".into(), account_number: Typed::new(number), ..business()
            };
        backend.save_application_step(&owner, Step::Settlement, &form("")).await.unwrap();
        assert_eq!(backend.disclose_account(id).await.unwrap().expose(), NUMBER);
        bench.sql("CREATE TABLE earlier AS SELECT sealed_number FROM applications").await;
        backend.save_application_step(&owner, Step::Settlement, &form("333-22-4444444")).await.unwrap();
        assert_eq!(backend.disclose_account(id).await.unwrap().expose(), "333224444444");
        bench.sql("UPDATE applications SET sealed_number = (SELECT sealed_number FROM earlier)").await;
        assert_is!(backend.disclose_account(id).await, Err(Error::Sealed));
    }
);

on_both_databases!(a_file_opens_for_its_own_merchant_and_in_its_own_place_only, |bench| async move {
    let (one, two) = (bench.an_owner_called("one@example.com").await, bench.an_owner_called("two@example.com").await);
    drafted(&bench, &one).await;
    assert_is!(bench.backend.registration(&two).await, Err(Error::NotFound));
    drafted(&bench, &two).await;
    let unreadable = async || {
        let all = bench.backend.verify_sealed_blobs().await.unwrap();
        all.into_iter().find(|(what, ..)| *what == "files").map(|(_, seen, bad)| (seen, bad.len())).unwrap()
    };
    assert_eq!(unreadable().await, (2, 0));
    bench.sql("CREATE TABLE swapped AS SELECT file_id, sealed FROM application_contents").await;
    bench
        .sql(
            "UPDATE application_contents SET sealed = \
             (SELECT s.sealed FROM swapped s WHERE s.file_id <> application_contents.file_id)",
        )
        .await;
    assert_is!(bench.backend.registration(&one).await, Err(Error::Sealed));
    assert_eq!(unreadable().await, (2, 2));
    // Another upload replaces it, and leaves nothing of the old one.
    bench.backend.keep_registration(&one, certificate()).await.unwrap();
    assert_eq!(bench.backend.registration(&one).await.unwrap().bytes, CONTENT);
    assert_eq!((bench.count("application_files").await, bench.count("application_contents").await), (2, 2));
});

on_both_databases!(each_role_sees_and_does_what_is_its_own, |bench| async move {
    let owner = bench.an_owner().await;
    let id = drafted(&bench, &owner).await;
    bench.letters().await;
    let mut people = Vec::new();
    for role in ["admin", "dev", "manager", "viewer"] {
        people.push((role, bench.a_member(&owner, &format!("{role}@example.com"), role).await));
    }
    let store = domain::store::StoreForm { name: "강남점".into(), tier_code: "GN1".into() };
    let store = bench.backend.add_store(&owner, store).await.unwrap().to_string();
    people.push(("limited", bench.a_member_of(&owner, "limited@example.com", "manager", &store).await));
    let backend = &bench.backend;
    for (role, actor) in &people {
        let (sees, edits) = (!matches!(*role, "viewer" | "limited"), *role == "admin");
        let shown = backend.application(actor).await.unwrap();
        assert_eq!(shown.contracts[0].state, State::Draft, "{role}");
        assert_eq!((shown.details.is_some(), shown.contracts[0].details.is_some()), (sees, sees), "{role}");
        assert_eq!(backend.application_contract(actor, id).await.is_ok(), sees, "{role}");
        assert_eq!(backend.registration(actor).await.is_ok(), sees, "{role}");
        let saved = backend.save_application_step(actor, Step::Business, &business()).await;
        assert_eq!(saved.is_ok(), edits, "{role}");
        assert_eq!(backend.may_upload(actor).await.is_ok(), edits, "{role}");
        assert_eq!(backend.choose_module(actor, "ksnet", &ksnet_choice()).await.is_ok(), edits, "{role}");
        if !edits {
            assert_is!(backend.submit_applications(actor, &[id], KO).await, Err(Error::Forbidden));
            assert_is!(backend.drop_application(actor, id).await, Err(Error::Forbidden));
        }
    }
    let stranger = bench.an_owner().await;
    assert_is!(backend.application_contract(&stranger, id).await, Err(Error::NotFound));
    backend.consent_to_apply(&stranger, &consents()).await.unwrap();
    assert_is!(backend.drop_application(&stranger, id).await, Err(Error::NotFound));
});

on_both_databases!(a_token_operates_with_the_scope_for_it_and_no_other, |bench| async move {
    let owner = bench.an_owner().await;
    let id = submitted(&bench, &owner).await;
    let backend = &bench.backend;
    let core = bench.core().await;
    assert_is!(backend.operated_applications(Operator::Token(core), None, 1).await, Err(Error::ScopeMissing));
    assert_is!(
        backend.move_application(Operator::Token(core), id, State::InReview, "").await,
        Err(Error::ScopeMissing)
    );
    let scopes = vec![CoreScope::ApplicationsOperate];
    let caller = async |stores: Vec<domain::id::StoreId>| {
        let grant = backend::CoreGrant { name: "operator".into(), scopes: scopes.clone(), stores };
        let made = backend.grant_core_token(&grant).await.unwrap();
        backend.core_caller(made.token.expose()).await.unwrap()
    };
    let operator = caller(Vec::new()).await;
    let listed = backend.operated_applications(Operator::Token(&operator), Some(State::Submitted), 1).await.unwrap();
    assert_eq!(listed.items.iter().map(|(_, contract)| contract.id).collect::<Vec<_>>(), [id]);
    backend.move_application(Operator::Token(&operator), id, State::InReview, "").await.unwrap();
    let credential: Vec<String> =
        bench.values("SELECT credential FROM audit_events WHERE action = 'application.moved'").await;
    assert_eq!(credential, [operator.kid.to_string()]);
    // Limited to another merchant's store.
    bench.letters().await;
    let stranger = bench.an_owner().await;
    let elsewhere = caller(vec![bench.store_id(&stranger).await.parse().unwrap()]).await;
    assert_is!(backend.operated_application(Operator::Token(&elsewhere), id).await, Err(Error::StoreForbidden));
    let here = caller(vec![bench.store_id(&owner).await.parse().unwrap()]).await;
    assert_eq!(backend.operated_application(Operator::Token(&here), id).await.unwrap().contract.id, id);
});

on_both_databases!(
    card_issuers_reviews_are_noted_after_the_contract_and_shown_on_the_live_channel,
    |bench| async move {
        let owner = bench.an_owner().await;
        let id = submitted(&bench, &owner).await;
        let backend = &bench.backend;
        assert_is!(backend.note_review(&owner, id, "366", Some(Review::Pending)).await, Err(Error::WrongStatus));
        moved(&bench, id, State::InReview, "").await.unwrap();
        moved(&bench, id, State::Contracted, "").await.unwrap();
        backend.note_review(&owner, id, "366", Some(Review::Pending)).await.unwrap();
        backend.review_application(Operator::Machine, id, Issuer::Bc, Some(Review::Approved)).await.unwrap();
        assert_eq!(beside("issuer", backend.note_review(&owner, id, "999", None).await), ErrorCode::NotAChoice);
        let test = test("ksnet", ChannelForm { shared_mid: "2999199999".into(), ..named("테스트") });
        let test = bench.add(&owner, test).await;
        let channel = bench.add(&owner, live("ksnet", named("실제").mid("KS0001").field("api_key", "key"))).await;
        assert_eq!(backend.contract_of_channel(&owner, test).await.unwrap(), None);
        let shown = backend.contract_of_channel(&owner, channel).await.unwrap().unwrap().details.unwrap().reviews;
        let shown: Vec<_> = shown.iter().map(|one| (one.issuer, one.review)).collect();
        assert_eq!(shown, [(Issuer::Bc, Review::Approved), (Issuer::Shinhan, Review::Pending)]);
        backend.note_review(&owner, id, "366", None).await.unwrap();
        assert_eq!(bench.trail_of("application.review_noted").await, ["done"; 3]);
    }
);

on_both_databases!(an_application_survives_a_rotation_of_keys, |bench| async move {
    let owner = bench.an_owner().await;
    let id = submitted(&bench, &owner).await;
    let backend = &bench.backend;
    let old = backend.key_ring().active_id().to_owned();
    let done = backend.rotate_key(std::time::Duration::ZERO).await.unwrap();
    assert_eq!(done.unreadable, [""; 0]);
    assert_eq!(backend.uses_of_key(&old).await.unwrap().sealed, []);
    backend.remove_key(&old, std::time::Duration::ZERO).await.unwrap();
    assert_eq!(backend.disclose_account(id).await.unwrap().expose(), NUMBER);
    assert_eq!(backend.registration(&owner).await.unwrap().bytes, CONTENT);
});

on_both_databases!(of_two_moves_at_once_one_is_done, |bench| async move {
    let owner = bench.an_owner().await;
    let id = submitted(&bench, &owner).await;
    let moves = bench
        .at_once(4, |backend, _| async move {
            backend.move_application(Operator::Machine, id, State::InReview, "").await.is_ok()
        })
        .await;
    assert_eq!(moves.iter().filter(|done| **done).count(), 1);
    assert_eq!(bench.trail_of("application.moved").await, ["done"]);
});
