//! 전자결제 신청 where several people, or several applications of one merchant, meet.

use backend::{Actor, Error, Language, Operator};
use domain::{
    application::{ApplicationError, BusinessForm, Choice, ChoiceForm, Issuer, Review, State, Step, view::Hold},
    id::ApplicationId,
};

use crate::{
    applications::{self, beside, business, certificate, consents, drafted, ksnet_choice, why},
    support::{Bench, Typing as _, live, named},
};

const KO: Language = Language::Korean;

async fn moved(bench: &Bench, id: ApplicationId, to: State) {
    let note = if to.needs_note() { "주소를 고쳐 주세요" } else { "" };
    applications::moved(bench, id, to, note).await.unwrap();
}

async fn contracted(bench: &Bench, owner: &Actor) -> ApplicationId {
    let id = drafted(bench, owner).await;
    bench.backend.submit_applications(owner, &[id], KO).await.unwrap();
    moved(bench, id, State::InReview).await;
    moved(bench, id, State::Contracted).await;
    id
}

on_both_databases!(a_page_that_was_overtaken_saves_nothing_over_what_it_did_not_show, |bench| async move {
    let owner = bench.an_owner().await;
    drafted(&bench, &owner).await;
    let backend = &bench.backend;
    let shown = async || backend.application(&owner).await.unwrap().details.unwrap();
    let (first, others) = (shown().await.mark(Step::Business), shown().await.mark(Step::Service));
    let mine = BusinessForm { address: "서울시 강남구 2".into(), ..business() };
    let theirs = BusinessForm { trade: "도매업".into(), ..business() };
    let save = async |form: &BusinessForm, seen: i64| {
        backend.save_application_step_over(&owner, Step::Business, form, Some(seen)).await
    };
    save(&mine, first).await.unwrap();
    assert_is!(save(&theirs, first).await, Err(Error::Stale));
    assert_eq!(shown().await.business.unwrap().address, "서울시 강남구 2");
    // Another step is another matter.
    backend.save_application_step_over(&owner, Step::Service, &business(), Some(others)).await.unwrap();
    save(&theirs, shown().await.mark(Step::Business)).await.unwrap();
    let number = shown().await.mark(Step::Settlement);
    backend.save_application_step_over(&owner, Step::Settlement, &business(), Some(number)).await.unwrap();
});

on_both_databases!(what_was_submitted_once_stays_and_still_says_why_it_was_rejected, |bench| async move {
    let owner = bench.an_owner().await;
    let id = drafted(&bench, &owner).await;
    let backend = &bench.backend;
    backend.submit_applications(&owner, &[id], KO).await.unwrap();
    let reason = "업종이 맞지 않습니다";
    backend.move_application(Operator::Machine, id, State::Rejected, reason).await.unwrap();
    backend.begin_again(&owner, id, KO).await.unwrap();
    assert_is!(backend.drop_application(&owner, id).await, Err(Error::WrongStatus));
    let contract = backend.application_contract(&owner, id).await.unwrap();
    assert_eq!((contract.state, contract.details.unwrap().note.as_str()), (State::Draft, reason));
    // The operator finds it by its id, and not in the list: it is in the merchant's hand.
    let seen = backend.operated_application(Operator::Machine, id).await.unwrap();
    assert_eq!(seen.contract.state, State::Draft);
    assert!(backend.operated_applications(Operator::Machine, None, 1).await.unwrap().items.is_empty());
    backend.submit_applications(&owner, &[id], KO).await.unwrap();
    assert_eq!(backend.application_contract(&owner, id).await.unwrap().details.unwrap().note, "");
});

on_both_databases!(
    an_operator_is_told_what_changed_while_another_application_was_asked_for_changes,
    |bench| async move {
        let owner = bench.an_owner().await;
        let asked = drafted(&bench, &owner).await;
        let backend = &bench.backend;
        let styles = [("s0".to_owned(), "결제창 일반결제".to_owned())].into();
        let module = backend.catalogue().module("kakaopay").unwrap().1;
        let methods =
            module.pay_methods.iter().flat_map(|by| by.methods.iter().map(|one| Choice::value(&by.style, one)));
        let methods = methods.enumerate().map(|(n, one)| (format!("m{n}"), one)).collect();
        let reviewed = backend.choose_module(&owner, "kakaopay", &ChoiceForm { styles, methods }).await.unwrap();
        backend.submit_applications(&owner, &[asked, reviewed], KO).await.unwrap();
        moved(&bench, reviewed, State::InReview).await;
        moved(&bench, asked, State::ChangesRequested).await;
        let details = async || backend.application(&owner).await.unwrap().details.unwrap();
        assert_eq!(details().await.hold, Hold::Shared);
        let is_changed = async || backend.operated_application(Operator::Machine, reviewed).await.unwrap().is_changed();
        assert!(!is_changed().await);
        bench.clock.pass(time::Duration::MINUTE);
        backend.keep_registration(&owner, certificate()).await.unwrap();
        assert!(is_changed().await);
        backend.submit_applications(&owner, &[asked], KO).await.unwrap();
        assert!(is_changed().await, "the one that was not submitted again");
        assert!(!backend.operated_application(Operator::Machine, asked).await.unwrap().is_changed());
    }
);

on_both_databases!(consents_to_older_words_are_asked_for_again, |bench| async move {
    let owner = bench.an_owner().await;
    let id = drafted(&bench, &owner).await;
    bench.sql("UPDATE applications SET consents = REPLACE(consents, '2026-', '2025-')").await;
    let backend = &bench.backend;
    assert!(!backend.application(&owner).await.unwrap().is_begun);
    let refused = backend.submit_applications(&owner, &[id], KO).await;
    assert_eq!(beside("contracts", refused), why(ApplicationError::ConsentNeeded));
    backend.consent_to_apply(&owner, &consents()).await.unwrap();
    backend.submit_applications(&owner, &[id], KO).await.unwrap();
});

on_both_databases!(what_two_people_note_at_once_is_all_there, |bench| async move {
    let owner = bench.an_owner().await;
    let id = contracted(&bench, &owner).await;
    let issuers = [Issuer::Bc, Issuer::Shinhan, Issuer::Hyundai, Issuer::Kb];
    let noted = bench
        .at_once(4, move |backend, n| async move {
            backend.review_application(Operator::Machine, id, issuers[n], Some(Review::Approved)).await
        })
        .await;
    assert!(noted.iter().all(Result::is_ok), "{noted:?}");
    let reviews = bench.backend.application_contract(&owner, id).await.unwrap().details.unwrap().reviews;
    assert_eq!(reviews.len(), 4);
});

on_both_databases!(of_two_uploads_at_once_the_later_is_kept_and_nobody_is_refused, |bench| async move {
    let owner = bench.an_owner().await;
    drafted(&bench, &owner).await;
    let actor = owner.clone();
    let kept = bench
        .at_once(4, move |backend, _| {
            let actor = actor.clone();
            async move { backend.keep_registration(&actor, certificate()).await }
        })
        .await;
    assert!(kept.iter().all(Result::is_ok), "{kept:?}");
    assert_eq!((bench.count("application_files").await, bench.count("application_contents").await), (1, 1));
});

on_both_databases!(a_live_channel_shows_no_contract_that_is_not_done, |bench| async move {
    let owner = bench.an_owner().await;
    let id = drafted(&bench, &owner).await;
    let channel = bench.add(&owner, live("ksnet", named("실제").mid("KS0001").field("api_key", "key"))).await;
    let backend = &bench.backend;
    assert_eq!(backend.contract_of_channel(&owner, channel).await.unwrap(), None);
    backend.choose_module(&owner, "ksnet", &ksnet_choice()).await.unwrap();
    backend.submit_applications(&owner, &[id], KO).await.unwrap();
    moved(&bench, id, State::InReview).await;
    moved(&bench, id, State::Contracted).await;
    assert!(backend.contract_of_channel(&owner, channel).await.unwrap().is_some());
});
