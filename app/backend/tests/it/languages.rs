//! The language that a member chose: kept with the account, and spoken by the mails to it.

use backend::Language;

use crate::support::PASSWORD;

on_both_databases!(mails_speak_the_language_of_whom_they_go_to, |bench| async move {
    let kim = bench.an_owner_called("kim@example.com").await;
    let park = bench.a_member(&kim, "park@example.com", "owner").await;
    bench.letters().await;
    let signed_in = bench.log_in("park@example.com", PASSWORD).await.unwrap();
    assert_eq!(bench.backend.chosen_language(signed_in).await.unwrap(), None);
    bench.backend.choose_language(&park, Language::English).await.unwrap();
    bench.backend.choose_language(&park, Language::English).await.unwrap();
    assert_eq!(bench.backend.chosen_language(signed_in).await.unwrap(), Some(Language::English));
    assert_eq!(bench.trail_of("member.language_chosen").await, ["done"], "the same again is nothing new");
    bench.issue(&kim, "결제 서버").await;
    let letters = bench.letters().await;
    let of = |to: &str| &letters.iter().find(|letter| letter.to == to).expect("a mail").body;
    assert!(of("kim@example.com").contains("이름: 결제 서버"));
    assert!(of("park@example.com").contains("Name: 결제 서버"));
});
