//! Mails that were promised are sent, whatever happens in between.

use backend::mail::Mailer;
use time::Duration;

use crate::support::PASSWORD;

const ME: &str = "me@example.com";

/// A mail server that is down: nobody listens at its port.
fn a_dead_server() -> Mailer {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Mailer::smtp(&format!("smtp://127.0.0.1:{port}")).unwrap()
}

async fn deliver_by(mailer: &Mailer, bench: &crate::support::Bench) -> usize {
    bench.backend.deliver_mails(mailer, &"console@example.com".parse().unwrap()).await.unwrap()
}

on_both_databases!(a_mail_promised_before_a_restart_is_delivered_after_it, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let bench = bench.restarted().await;
    bench.confirm_mail().await.unwrap();
    bench.log_in(ME, PASSWORD).await.unwrap();
});

on_both_databases!(a_mail_is_delivered_once, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.letter().await;
    bench.clock.pass(Duration::HOUR);
    assert!(bench.letters().await.is_empty());
});

on_both_databases!(two_workers_deliver_each_mail_once, |bench| async move {
    for number in 0..6 {
        bench.sign_up(&format!("number{number}@example.com"), PASSWORD).await.unwrap();
    }
    let directory = bench.dir.path().join("mail");
    let sent = bench
        .at_once(2, |backend, _| {
            let mailer = Mailer::Files { directory: directory.clone() };
            async move { backend.deliver_mails(&mailer, &"console@example.com".parse().unwrap()).await.unwrap() }
        })
        .await;
    assert_eq!((sent.iter().sum::<usize>(), bench.letters().await.len()), (6, 6));
});

on_both_databases!(a_mail_waits_while_the_mail_server_is_down, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    assert_eq!(deliver_by(&a_dead_server(), &bench).await, 0);
    assert_eq!(bench.value::<String>("SELECT state FROM outbox_mails").await, "queued");
});

on_both_databases!(a_mail_that_had_to_wait_goes_out_ten_seconds_later, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    deliver_by(&a_dead_server(), &bench).await;
    assert!(bench.letters().await.is_empty());
    bench.clock.pass(Duration::seconds(10));
    bench.confirm_mail().await.unwrap();
});

on_both_databases!(a_mail_of_a_worker_that_died_is_taken_over_after_two_minutes, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    // It takes the call and says nothing, until the worker is gone.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mailer = Mailer::smtp(&format!("smtp://{}", silent.local_addr().unwrap())).unwrap();
    tokio::select! {
        sent = deliver_by(&mailer, &bench) => panic!("nobody answered, yet {sent} went out"),
        call = silent.accept() => drop(call.unwrap()),
    }
    assert!(bench.letters().await.is_empty());
    bench.clock.pass(Duration::minutes(2));
    bench.confirm_mail().await.unwrap();
});

on_both_databases!(a_mail_that_was_sent_keeps_no_payload, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.letter().await;
    assert_eq!(bench.value::<Option<Vec<u8>>>("SELECT sealed_payload FROM outbox_mails").await, None);
});

on_both_databases!(a_mail_that_fails_for_a_day_is_given_up_and_keeps_no_payload, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.clock.pass(Duration::hours(25));
    deliver_by(&a_dead_server(), &bench).await;
    assert_eq!(bench.value::<String>("SELECT state FROM outbox_mails").await, "abandoned");
    assert_eq!(bench.value::<Option<Vec<u8>>>("SELECT sealed_payload FROM outbox_mails").await, None);
});
