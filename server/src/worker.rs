//! What goes on beside the requests: mails are sent, Owners are warned of secrets that end, and what has outlived its
//! time is removed.

use std::{sync::Arc, time::Duration};

use backend::{
    Backend, CONSOLE_PULSE,
    mail::{Mailer, mailbox},
};

use crate::{audit_heads, config::Config};

/// Runs until the task is dropped. A round that fails, even by a panic, is logged and the next one tries again.
pub async fn run(backend: Arc<Backend>, config: Config) {
    tokio::join!(
        send_mails(&backend, &config),
        sweep(&backend),
        note_heads(&backend, &config),
        note_reads(&backend),
        number_events(&backend),
        follow_key_ring(&backend, &config)
    );
}

async fn send_mails(backend: &Arc<Backend>, config: &Config) {
    loop {
        let round = tokio::spawn(deliver(Arc::clone(backend), config.clone()));
        if let Err(error) = round.await {
            tracing::error!(%error, "mail worker");
        }
        backend.mail_wanted(Duration::from_secs(5)).await;
    }
}

async fn deliver(backend: Arc<Backend>, config: Config) {
    let mailer = match &config.smtp_url {
        Some(url) => Mailer::smtp(url),
        None => Ok(Mailer::Files { directory: config.data_dir.join("mail") }),
    };
    let (Ok(mailer), Some(from)) = (mailer, mailbox(&config.mail_from)) else {
        return tracing::error!("no mail can be sent: CONSOLE_SMTP_URL or CONSOLE_MAIL_FROM");
    };
    loop {
        if let Err(error) = backend.deliver_mails(&mailer, &from).await {
            tracing::warn!(%error, "outbox");
        }
        backend.mail_wanted(Duration::from_secs(5)).await;
    }
}

async fn sweep(backend: &Backend) {
    let mut every_minute = tokio::time::interval(Duration::from_mins(1));
    loop {
        every_minute.tick().await;
        if let Err(error) = backend.sweep().await {
            tracing::warn!(%error, "sweep");
        }
        if let Err(error) = backend.warn_of_expiring_secrets().await {
            tracing::warn!(%error, "warnings of expiring secrets");
        }
    }
}

async fn note_heads(backend: &Backend, config: &Config) {
    let mut every_minute = tokio::time::interval(Duration::from_mins(1));
    loop {
        every_minute.tick().await;
        audit_heads::note(backend, &config.data_dir).await;
    }
}

async fn number_events(backend: &Backend) {
    let mut every_second = tokio::time::interval(Duration::from_secs(1));
    loop {
        every_second.tick().await;
        if let Err(error) = backend.db().number_left_events().await {
            tracing::warn!(%error, "events without a number");
        }
    }
}

async fn note_reads(backend: &Backend) {
    let mut now_and_then = tokio::time::interval(Duration::from_secs(10));
    loop {
        let written = tokio::select! {
            _ = now_and_then.tick() => backend.write_past_secret_reads().await,
            () = backend.many_secret_reads() => backend.write_secret_reads().await,
        };
        if let Err(error) = written {
            tracing::warn!(%error, "secret reads");
            // There are enough to be written down still: whoever refuses them is not asked again at once.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

/// What a console is called among those that serve from one database.
pub fn console_name(config: &Config) -> String {
    format!("{} {}", rustix::system::uname().nodename().to_string_lossy(), config.addr)
}

/// Looks every second whether a rotation has replaced the key ring's file, and says at once that it was taken over.
async fn follow_key_ring(backend: &Backend, config: &Config) {
    let name = console_name(config);
    let mut every_second = tokio::time::interval(Duration::from_secs(1));
    let (mut since_noted, mut complained) = (Duration::ZERO, false);
    loop {
        every_second.tick().await;
        since_noted += Duration::from_secs(1);
        let refreshed = backend.refresh_key_ring();
        match &refreshed {
            Ok(true) => tracing::info!("the key ring was replaced and taken over"),
            Err(error) if !complained => tracing::error!(%error, "key ring"),
            _ => {}
        }
        complained = refreshed.is_err();
        if matches!(refreshed, Ok(true)) || since_noted >= CONSOLE_PULSE {
            match backend.note_console(&name).await {
                Ok(()) => since_noted = Duration::ZERO,
                Err(error) => tracing::warn!(%error, "a rotation of keys does not see this console"),
            }
        }
    }
}
