//! Many writers of one file: together, in turn, each on its own.

use crate::db::Db;

use super::*;

/// A database with an empty table, removed with the folder.
async fn noted() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("test.db").display());
    let db = Db::open(&url).await.expect("opened");
    db.statement().execute_unprepared("CREATE TABLE notes (text TEXT UNIQUE)").await.expect("made");
    (folder, db)
}

async fn note(write: &Write, text: &str) -> Result<(), DbErr> {
    write.execute_unprepared(&format!("INSERT INTO notes VALUES ('{text}')")).await.map(|_| ())
}

async fn notes(db: &Db) -> Vec<String> {
    let all = Statement::from_string(DatabaseBackend::Sqlite, "SELECT text FROM notes ORDER BY text");
    let rows = db.read().query_all_raw(all).await.expect("read");
    rows.iter().map(|row| row.try_get("", "text").expect("a text")).collect()
}

#[tokio::test]
async fn those_who_wait_for_their_turn_are_written_down_together() {
    let (_folder, db) = noted().await;
    let (go, may) = oneshot::channel();
    let slow = db.clone();
    let first = tokio::spawn(async move {
        let write = slow.write().await?;
        let _ = may.await;
        note(&write, "first").await?;
        write.commit().await
    });
    tokio::task::yield_now().await;
    let others: Vec<_> = ["second", "third"]
        .map(|text| {
            let db = db.clone();
            tokio::spawn(async move {
                let write = db.write().await?;
                // Nobody is answered yet: the first one's work is to be seen within, and nowhere else.
                let seen = notes(&db).await;
                note(&write, text).await?;
                write.commit().await?;
                Ok::<_, Error>(seen)
            })
        })
        .into();
    tokio::task::yield_now().await;
    let _ = go.send(());
    first.await.expect("ran").expect("written");
    for other in others {
        assert_eq!(other.await.expect("ran").expect("written"), Vec::<String>::new());
    }
    assert_eq!(notes(&db).await, ["first", "second", "third"]);
}

#[tokio::test]
async fn whoever_goes_away_in_its_turn_takes_nothing_of_the_others_along() {
    let (_folder, db) = noted().await;
    for gone in 0..3 {
        let turns = (0..3).map(|turn| {
            let (db, text) = (db.clone(), format!("{gone}-{turn}"));
            tokio::spawn(async move {
                let write = db.write().await?;
                note(&write, &text).await?;
                if turn == gone { Ok(()) } else { write.commit().await }
            })
        });
        for turn in turns.collect::<Vec<_>>() {
            assert!(turn.await.expect("ran").is_ok());
        }
    }
    assert_eq!(notes(&db).await, ["0-1", "0-2", "1-0", "1-2", "2-0", "2-1"]);
}

#[tokio::test]
async fn whenever_somebody_goes_away_the_others_are_written_down() {
    let (_folder, db) = noted().await;
    let mut expected = 0;
    for round in 0..150 {
        let turns = (0..6).map(|turn| {
            let (db, text) = (db.clone(), format!("{round}-{turn}"));
            let patience = if turn % 2 == 0 { WAIT } else { Duration::from_micros(round * 8) };
            tokio::spawn(timeout(patience, async move {
                let write = db.write().await?;
                note(&write, &text).await?;
                write.commit().await
            }))
        });
        for (number, turn) in turns.collect::<Vec<_>>().into_iter().enumerate() {
            let written = turn.await.expect("ran");
            if number % 2 == 0 {
                written.expect("in time").expect("written");
                expected += 1;
            }
        }
    }
    let stayed = notes(&db).await.into_iter().filter(|text| text.ends_with(['0', '2', '4'])).count();
    assert_eq!(stayed, expected);
}

#[tokio::test]
async fn what_one_is_refused_another_is_not() {
    let (_folder, db) = noted().await;
    let turns = (0..8).map(|_| {
        let db = db.clone();
        tokio::spawn(async move {
            let write = db.write().await?;
            note(&write, "the same").await?;
            write.commit().await
        })
    });
    let mut written = 0;
    for turn in turns.collect::<Vec<_>>() {
        written += usize::from(turn.await.expect("ran").is_ok());
    }
    assert_eq!((written, notes(&db).await.len()), (1, 1));
}

#[tokio::test]
async fn an_event_is_told_once_it_is_written_down() {
    let (_folder, db) = noted().await;
    let told = db.announced();
    let write = db.write().await.expect("a turn");
    write.will_announce(7);
    assert_eq!(*told.borrow(), 0);
    write.commit().await.expect("written");
    assert_eq!(*told.borrow(), 7);
}
