//! The mail server is slow, refuses, or hangs up in the middle: no mail is lost, none is sent twice but where nobody could
//! know that it had arrived, and nobody who signs up waits for it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use backend::mail::Mailer;
use time::Duration;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::support::{Bench, PASSWORD};

/// What the mail server does to a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Well,
    /// 451 after the recipient.
    Later,
    /// 550 after the recipient.
    Never,
    /// Takes the mail, and hangs up before it says so.
    DropsAfterData,
    /// Hangs up in the middle of the mail.
    DropsWithin,
}

/// A mail server that lives through moods, one a mail, and is well when there are none left.
struct Server {
    mailer: Mailer,
    moods: Arc<Mutex<Vec<Mood>>>,
    /// Mails that arrived, by their Message-ID.
    arrived: Arc<Mutex<BTreeMap<String, u32>>>,
    drops: Arc<AtomicU32>,
}

impl Server {
    async fn in_moods(moods: &[Mood]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mailer = Mailer::smtp(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        let server = Self {
            mailer,
            moods: Arc::new(Mutex::new(moods.iter().rev().copied().collect())),
            arrived: Arc::default(),
            drops: Arc::default(),
        };
        let (moods, arrived, drops) =
            (Arc::clone(&server.moods), Arc::clone(&server.arrived), Arc::clone(&server.drops));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (moods, arrived, drops) = (Arc::clone(&moods), Arc::clone(&arrived), Arc::clone(&drops));
                tokio::spawn(async move { converse(stream, &moods, &arrived, &drops).await });
            }
        });
        server
    }

    async fn deliver(&self, bench: &Bench) -> usize {
        bench.backend.deliver_mails(&self.mailer, &"console@example.com".parse().unwrap()).await.unwrap()
    }
}

async fn converse(
    stream: TcpStream,
    moods: &Mutex<Vec<Mood>>,
    arrived: &Mutex<BTreeMap<String, u32>>,
    drops: &AtomicU32,
) -> Option<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 mail\r\n").await.ok()?;
    let mut mood = Mood::Well;
    while let Some(line) = lines.next_line().await.ok()? {
        let answer: &[u8] = match line.split([' ', ':']).next()? {
            // Ours are in Korean: they go to no server that says nothing of eight bits.
            "EHLO" => b"250-mail\r\n250 8BITMIME\r\n",
            "MAIL" => {
                mood = moods.lock().unwrap().pop().unwrap_or(Mood::Well);
                b"250 fine\r\n"
            }
            "RCPT" if mood == Mood::Later => b"451 later\r\n",
            "RCPT" if mood == Mood::Never => b"550 never\r\n",
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await.ok()?;
                if mood == Mood::DropsWithin {
                    lines.next_line().await.ok()?;
                    return None;
                }
                let mut id = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if let Some(value) = line.strip_prefix("Message-ID: ") {
                        value.clone_into(&mut id);
                    }
                    if line == "." {
                        break;
                    }
                }
                *arrived.lock().unwrap().entry(id).or_default() += 1;
                if mood == Mood::DropsAfterData {
                    drops.fetch_add(1, Ordering::SeqCst);
                    return None;
                }
                b"250 taken\r\n"
            }
            "QUIT" => return None,
            _ => b"250 fine\r\n",
        };
        writing.write_all(answer).await.ok()?;
    }
    None
}

on_both_databases!(no_mail_is_lost_by_a_mail_server_in_any_mood, |bench| async move {
    use Mood::{DropsAfterData, DropsWithin, Later, Never, Well};
    const MAILS: usize = 12;
    let moods = [Later, Well, DropsAfterData, Never, DropsWithin, DropsAfterData, Well, Later, DropsAfterData];
    let server = Server::in_moods(&moods).await;
    for number in 0..MAILS {
        bench.sign_up(&format!("number{number}@example.com"), PASSWORD).await.unwrap();
    }
    server.deliver(&bench).await;
    let waiting = bench.backend.vitals().await.unwrap().mails_queued;
    assert!(waiting > 0, "some have to wait");
    for _ in 0..4 {
        bench.clock.pass(Duration::minutes(2));
        server.deliver(&bench).await;
    }
    let arrived = server.arrived.lock().unwrap().clone();
    assert_eq!(arrived.len(), MAILS, "every mail, each under an id of its own");
    let twice: u32 = arrived.values().map(|count| count - 1).sum();
    let drops = server.drops.load(Ordering::SeqCst);
    assert!(drops > 0 && twice <= drops, "{twice} came again, {drops} were hung up on");
    let vitals = bench.backend.vitals().await.unwrap();
    assert_eq!((vitals.mails_queued, vitals.mails_abandoned), (0, 0));
});

on_both_databases!(
    a_mail_that_is_refused_is_tried_again_ever_more_seldom_and_is_seen_when_it_is_given_up,
    |bench| async move {
        let server = Server::in_moods(&[Mood::Never; 200]).await;
        bench.sign_up("me@example.com", PASSWORD).await.unwrap();
        let tries = async || bench.value::<i32>("SELECT attempts FROM outbox_mails").await;
        let mut after = Vec::new();
        for second in 0..400 {
            let before = if second == 0 { 0 } else { tries().await };
            server.deliver(&bench).await;
            if tries().await > before {
                after.push(second);
            }
            bench.clock.pass(Duration::SECOND);
        }
        assert_eq!(after, [0, 10, 30, 70, 150, 310]);
        bench.clock.pass(Duration::hours(25));
        server.deliver(&bench).await;
        let vitals = bench.backend.vitals().await.unwrap();
        assert_eq!((vitals.mails_queued, vitals.mails_abandoned), (0, 1));
        // What is written for a stranger only to take as long is no mail that was given up.
        bench.backend.resend_verification("stranger@example.com", bench.somebody()).await.unwrap();
        assert_eq!(bench.backend.vitals().await.unwrap(), vitals);
    }
);

on_both_databases!(who_signs_up_does_not_wait_for_a_mail_server_that_says_nothing, |bench| async move {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mailer = Mailer::smtp(&format!("smtp://{}", silent.local_addr().unwrap())).unwrap();
    bench.sign_up("first@example.com", PASSWORD).await.unwrap();
    let backend = Arc::clone(&bench.backend);
    let delivering =
        tokio::spawn(async move { backend.deliver_mails(&mailer, &"console@example.com".parse().unwrap()).await });
    let (_call, _) = silent.accept().await.unwrap();
    let mut longest = std::time::Duration::ZERO;
    for number in 0..20 {
        let since = Instant::now();
        bench.sign_up(&format!("number{number}@example.com"), PASSWORD).await.unwrap();
        longest = longest.max(since.elapsed());
    }
    assert!(!delivering.is_finished() && longest < std::time::Duration::from_secs(2), "{longest:?}");
    delivering.abort();
    assert_eq!(bench.backend.vitals().await.unwrap().mails_queued, 21);
});
