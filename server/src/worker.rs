//! What goes on beside the requests: mails are sent, and what has outlived its time is removed.

use std::{sync::Arc, time::Duration};

use backend::{Backend, mail::{Mailer, mailbox}};

use crate::config::Config;

/// Runs until the task is dropped; a failure is logged and tried again.
pub async fn run(backend: Arc<Backend>, config: Config) {
    let mailer = match &config.smtp_url {
        Some(url) => match Mailer::smtp(url) {
            Ok(mailer) => mailer,
            Err(error) => return tracing::error!(%error, "no mail will be sent"),
        },
        None => Mailer::Files { directory: config.data_dir.join("mail") },
    };
    let Some(from) = mailbox(&config.mail_from) else { return tracing::error!("no mail will be sent: no sender") };
    let mails = async {
        loop {
            if let Err(error) = backend.deliver_mails(&mailer, &from).await {
                tracing::warn!(%error, "outbox");
            }
            backend.mail_wanted(Duration::from_secs(5)).await;
        }
    };
    let sweeping = async {
        let mut every_minute = tokio::time::interval(Duration::from_mins(1));
        loop {
            every_minute.tick().await;
            if let Err(error) = backend.sweep().await {
                tracing::warn!(%error, "sweep");
            }
        }
    };
    tokio::join!(mails, sweeping);
}
