//! What goes on beside the requests: mails are sent, Owners are warned of secrets that end, and what has outlived its
//! time is removed.

use std::{sync::Arc, time::Duration};

use backend::{
    Backend,
    mail::{Mailer, mailbox},
};

use crate::{audit_heads, config::Config};

/// Runs until the task is dropped. A round that fails, even by a panic, is logged and the next one tries again.
pub async fn run(backend: Arc<Backend>, config: Config) {
    tokio::join!(send_mails(&backend, &config), sweep(&backend), note_heads(&backend, &config), note_reads(&backend));
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

async fn note_reads(backend: &Backend) {
    let mut now_and_then = tokio::time::interval(Duration::from_secs(10));
    loop {
        let written = tokio::select! {
            _ = now_and_then.tick() => backend.write_past_secret_reads().await,
            () = backend.many_secret_reads() => backend.write_secret_reads().await,
        };
        if let Err(error) = written {
            tracing::warn!(%error, "secret reads");
        }
    }
}
