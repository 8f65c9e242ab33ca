//! A start with a key ring that cannot be the right one, or that others can read, is refused; what runs keeps to itself.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::Command,
};

use backend::{KeyRing, random::OsRandom};

use crate::{
    programs::Program,
    support::a_console,
    surviving::{add_ksnet, blocking},
};

/// The program refuses to start, in one sentence.
fn refused(data: &Path, why: &str) {
    for words in [&["serve"][..], &["verify"], &["rotate-key"], &["core-token", "create", "--name", "core"]] {
        let (code, said) = Program::run(data, None, words);
        assert_eq!((code, said.trim_end().lines().count()), (Some(2), 1), "{words:?}: {said}");
        assert!(said.starts_with("channel-console: ") && said.contains(why), "{words:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_with_the_wrong_key_ring_is_told_and_nothing_is_written() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    add_ksnet(&console, &owner, "ks0001").await;
    let dir = console.closed().await;
    blocking(move || {
        let (ring, kept) = (dir.path().join("keyring"), dir.path().join("kept"));
        let database = || fs::read(dir.path().join("console.db")).expect("a database");
        let before = database();
        fs::rename(&ring, &kept).expect("moved");
        refused(dir.path(), "is missing");
        assert!(!ring.exists(), "no fresh key over what is there");
        symlink(dir.path().join("nowhere"), &ring).expect("linked");
        refused(dir.path(), "is not a regular file");
        fs::remove_file(&ring).expect("removed");
        symlink(&kept, &ring).expect("linked");
        refused(dir.path(), "is not a regular file");
        fs::remove_file(&ring).expect("removed");
        KeyRing::generate(&OsRandom).write(&ring).expect("written");
        refused(dir.path(), "does not belong to this database");
        fs::remove_file(&ring).expect("removed");
        fs::copy(&kept, &ring).expect("copied");
        for mode in [0o440, 0o404, 0o444, 0o644, 0o660, 0o420] {
            fs::set_permissions(&ring, fs::Permissions::from_mode(mode)).expect("chmod");
            refused(dir.path(), "can be read by others");
        }
        fs::set_permissions(&ring, fs::Permissions::from_mode(0o600)).expect("chmod");
        let text = fs::read_to_string(&ring).expect("text");
        for (wrong, why) in [("", "line 1"), ("active k1\n", "line 1"), (&text[..text.len() - 9], "not well-formed")] {
            fs::write(&ring, wrong).expect("written");
            refused(dir.path(), why);
        }
        assert_eq!(database(), before, "nothing was written");
        fs::write(&ring, text).expect("written");
        let (code, said) = Program::run(dir.path(), None, &["verify"]);
        assert_eq!(code, Some(0), "{said}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_leaves_no_core_dump_and_shows_its_environment_to_nobody() {
    let dir = a_console().await.closed().await;
    blocking(move || {
        // As a user without privileges, where that can be: root may look at everything.
        let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let program = Program::start(dir.path(), Program::addresses(), None);
        let limits = fs::read_to_string(format!("/proc/{}/limits", program.pid())).expect("limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
        let environ = format!("/proc/{}/environ", program.pid());
        if is_root {
            // Files of a process that may not be dumped are root's, whoever runs it.
            let seen = Command::new("setpriv")
                .args(["--reuid=65534", "--regid=65534", "--clear-groups", "cat", &environ])
                .output();
            assert!(seen.is_ok_and(|seen| seen.stdout.is_empty()));
        } else {
            assert!(fs::read(&environ).is_err());
        }
        drop(program);
    })
    .await;
}
