//! A channel that was saved when the catalogue asked for other fields than it does today.

use domain::{
    channel::{
        ChannelForm,
        catalogue_change::CatalogueChange,
        view::{ChannelDetail, FieldState},
    },
    form::ErrorCode,
    id::ChannelKey,
};

use crate::support::{Bench, Typing as _, beside, live, named};

const OLDER: &str = include_str!("fixtures/older_catalogue/samplepay.toml");
const LATER: &str = include_str!("fixtures/later_catalogue/samplepay.toml");

fn as_it_was() -> ChannelForm {
    named("샘플페이")
        .mid("sample01")
        .field("secret_key", "the secret")
        .field("license", "the license")
        .field("contract_no", "C-1001")
        .field("old_password", "the password")
}

/// The edit page of today as it opens: public values filled in, secrets blank.
fn as_it_opens(page: &ChannelDetail) -> ChannelForm {
    let form = named(&page.summary.name).mid(&page.summary.mid);
    page.fields.iter().fold(form, |form, field| match &field.state {
        FieldState::Value { value } => form.field(field.key.as_str(), value),
        FieldState::Set { .. } | FieldState::Unset => form,
    })
}

fn pairs<const N: usize>(secrets: [(&str, &str); N]) -> Vec<(String, String)> {
    secrets.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
}

/// A channel of a year ago, and the console of today.
async fn a_year_later(bench: Bench) -> (Bench, backend::Actor, ChannelKey) {
    let bench = bench.with_catalogue("samplepay", OLDER);
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("samplepay", as_it_was())).await;
    (bench.with_catalogue("samplepay", LATER), owner, key)
}

on_both_databases!(an_old_channel_opens_and_tells_what_changed_since, |bench| async move {
    let (bench, owner, key) = a_year_later(bench).await;
    let page = bench.backend.channel(&owner, key).await.unwrap();
    let renamed = |from: &str, to: &str| CatalogueChange::Renamed { from: from.into(), to: to.into() };
    let removed = |label: &str| CatalogueChange::Removed { label: label.into() };
    assert_eq!(
        page.changes,
        [
            renamed("비밀키", "API Secret"),
            renamed("계약 번호", "계약번호(10자리)"),
            CatalogueChange::Added { label: "웹훅 키".into() },
            removed("구 비밀번호"),
            removed("메모"),
        ]
    );
});

on_both_databases!(an_old_channel_shows_its_values_under_the_names_of_today, |bench| async move {
    let (bench, owner, key) = a_year_later(bench).await;
    let page = bench.backend.channel(&owner, key).await.unwrap();
    let state = |key: &str| page.fields.iter().find(|f| f.key.as_str() == key).map(|f| f.state.clone());
    assert_is!(state("api_secret"), Some(FieldState::Set { .. }));
    assert_eq!(state("contract_no"), Some(FieldState::Value { value: "C-1001".into() }));
    assert_eq!(state("webhook_key"), Some(FieldState::Unset));
});

on_both_databases!(the_payment_core_reads_an_old_channel_as_it_was_saved, |bench| async move {
    let (bench, _, key) = a_year_later(bench).await;
    let expected = pairs([("license", "the license"), ("old_password", "the password"), ("secret_key", "the secret")]);
    assert_eq!(bench.secrets(key).await, expected);
});

on_both_databases!(an_old_channel_is_saved_as_it_opens_and_keeps_its_secrets, |bench| async move {
    let (bench, owner, key) = a_year_later(bench).await;
    let page = bench.backend.channel(&owner, key).await.unwrap();
    bench.edit(&owner, key, as_it_opens(&page)).await.unwrap();
    assert_eq!(bench.secrets(key).await, pairs([("api_secret", "the secret"), ("license", "the license")]));
    assert_eq!(bench.backend.channel(&owner, key).await.unwrap().changes, []);
});

on_both_databases!(a_field_that_is_gone_is_refused_when_it_is_sent_all_the_same, |bench| async move {
    let (bench, owner, key) = a_year_later(bench).await;
    let page = bench.backend.channel(&owner, key).await.unwrap();
    let form = as_it_opens(&page).field("old_password", "another");
    assert_eq!(beside("fields.old_password", bench.edit(&owner, key, form).await), Some(ErrorCode::UnknownField));
});

on_both_databases!(an_old_channel_can_be_paused_without_being_saved_anew, |bench| async move {
    let (bench, owner, key) = a_year_later(bench).await;
    bench.backend.pause_channel(&owner, key).await.unwrap();
    let page = bench.backend.channel(&owner, key).await.unwrap();
    assert_eq!(page.changes.len(), 5, "a pause asks for nothing, so the differences remain");
    assert_eq!(bench.secrets(key).await.len(), 3);
});

on_both_databases!(a_channel_of_before_the_fields_were_remembered_tells_what_its_values_tell, |bench| async move {
    let (bench, owner, key) = a_year_later(bench).await;
    bench.sql("UPDATE channel_versions SET asked_fields = NULL").await;
    let page = bench.backend.channel(&owner, key).await.unwrap();
    assert_eq!(page.changes.len(), 3, "two new names, one value that is not asked for any more: {:?}", page.changes);
});
