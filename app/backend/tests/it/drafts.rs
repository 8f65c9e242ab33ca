//! What was typed into a refused form is not lost.

use domain::channel::ChannelForm;
use time::Duration;

use crate::support::{Typing as _, named};

const FORM: &str = "channel-add";

fn typed() -> ChannelForm {
    named("하나").mid("ks0001").field("api_key", "secret")
}

on_both_databases!(a_draft_comes_back_as_it_was_typed, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.keep_draft(&owner, FORM, &typed()).await.unwrap();
    assert_eq!(bench.backend.draft(&owner, FORM).await.unwrap(), Some(typed()));
});

on_both_databases!(a_later_draft_takes_the_place_of_the_earlier, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.keep_draft(&owner, FORM, &typed()).await.unwrap();
    bench.backend.keep_draft(&owner, FORM, &named("둘")).await.unwrap();
    assert_eq!(bench.backend.draft(&owner, FORM).await.unwrap(), Some(named("둘")));
});

on_both_databases!(two_forms_have_two_drafts, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.keep_draft(&owner, FORM, &typed()).await.unwrap();
    bench.backend.keep_draft(&owner, "channel-edit", &named("둘")).await.unwrap();
    assert_eq!(bench.backend.draft(&owner, FORM).await.unwrap(), Some(typed()));
});

on_both_databases!(drafts_of_a_double_click_leave_one, |bench| async move {
    let owner = bench.an_owner().await;
    let kept = bench
        .at_once(8, |backend, _| {
            let owner = owner.clone();
            async move { backend.keep_draft(&owner, FORM, &typed()).await }
        })
        .await;
    assert!(kept.iter().all(Result::is_ok), "{kept:?}");
    assert_eq!(bench.backend.draft(&owner, FORM).await.unwrap(), Some(typed()));
});

on_both_databases!(a_saved_form_has_no_draft, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.keep_draft(&owner, FORM, &typed()).await.unwrap();
    bench.backend.forget_draft(&owner, FORM).await.unwrap();
    assert_eq!(bench.backend.draft::<ChannelForm>(&owner, FORM).await.unwrap(), None);
});

on_both_databases!(a_colleagues_draft_is_not_seen, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.keep_draft(&owner, FORM, &typed()).await.unwrap();
    bench.an_owner_called("colleague@example.com").await;
    bench
        .sql(
            "UPDATE members SET merchant_id = \
             (SELECT m.merchant_id FROM members m WHERE m.email <> 'colleague@example.com')",
        )
        .await;
    let colleague = bench.actor_of("colleague@example.com").await;
    assert_eq!(bench.backend.draft::<ChannelForm>(&colleague, FORM).await.unwrap(), None);
});

on_both_databases!(another_merchants_draft_is_not_seen, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.keep_draft(&owner, FORM, &typed()).await.unwrap();
    let stranger = bench.an_owner().await;
    assert_eq!(bench.backend.draft::<ChannelForm>(&stranger, FORM).await.unwrap(), None);
});

on_both_databases!(a_draft_is_gone_after_a_day, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.keep_draft(&owner, FORM, &typed()).await.unwrap();
    bench.clock.pass(Duration::hours(24));
    assert_eq!(bench.backend.draft::<ChannelForm>(&owner, FORM).await.unwrap(), None);
    bench.backend.sweep().await.unwrap();
    assert_eq!(bench.count("drafts").await, 0);
});

on_both_databases!(drafts_are_listed_by_how_their_names_begin_the_latest_first_and_for_a_day, |bench| async move {
    let owner = bench.an_owner().await;
    let listed = async || {
        let found = bench.backend.drafts_named(&owner, "channels/new/", 5).await.unwrap();
        found.into_iter().map(|draft| draft.form).collect::<Vec<_>>()
    };
    for form in ["channels/new/test/ksnet", "channels/new/live/ksnet", "channels/other", "channelsXnew/test/ksnet"] {
        bench.backend.keep_draft(&owner, form, &typed()).await.unwrap();
        bench.clock.pass(Duration::minutes(1));
    }
    assert_eq!(listed().await, ["channels/new/live/ksnet", "channels/new/test/ksnet"]);
    bench.backend.keep_draft(&owner, "channels/new/test/ksnet", &typed()).await.unwrap();
    assert_eq!(listed().await, ["channels/new/test/ksnet", "channels/new/live/ksnet"]);
    let stranger = bench.an_owner().await;
    assert_eq!(bench.backend.drafts_named(&stranger, "channels/new/", 5).await.unwrap(), []);
    bench.clock.pass(Duration::hours(24));
    assert_eq!(listed().await, [""; 0]);
});

on_both_databases!(a_page_keeps_a_draft_when_its_session_is_over_and_for_its_own_person_only, |bench| async move {
    let owner = bench.an_owner().await;
    let ticket = bench.backend.draft_ticket(&owner).await.unwrap();
    let whose = bench.backend.draft_owner(&ticket).await.unwrap();
    bench.backend.keep_draft_of(whose, FORM, &typed()).await.unwrap();
    assert_eq!(bench.backend.draft(&owner, FORM).await.unwrap(), Some(typed()));
    let stranger = bench.an_owner().await;
    assert_eq!(bench.backend.draft::<ChannelForm>(&stranger, FORM).await.unwrap(), None);
    let theirs = bench.backend.draft_ticket(&stranger).await.unwrap();
    let (head, tail) = (&ticket[..32], &theirs[32..]);
    for forged in ["", "x", "x.y.z", &format!("{head}{tail}"), &ticket[..ticket.len() - 1], &format!("{ticket}A")] {
        assert!(bench.backend.draft_owner(forged).await.is_err(), "{forged}");
    }
    bench.clock.pass(Duration::hours(25));
    assert!(bench.backend.draft_owner(&ticket).await.is_err(), "it lives as long as a draft");
});

on_both_databases!(a_page_of_before_signing_out_everywhere_keeps_nothing, |bench| async move {
    let owner = bench.an_owner().await;
    let ticket = bench.backend.draft_ticket(&owner).await.unwrap();
    bench.sql("UPDATE members SET session_epoch = session_epoch + 1").await;
    assert!(bench.backend.draft_owner(&ticket).await.is_err());
});
