//! Mails as they go out: into files by default, by SMTP when there is a server.

use std::{fmt, path::PathBuf};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Body, Mailbox, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
};
use time::{OffsetDateTime, macros::format_description};
use uuid::Uuid;

use crate::error::{Error, Result};

/// A mail with its words, ready to be sent.
#[derive(Debug, Clone)]
pub struct Mail {
    pub id: Uuid,
    pub recipient: String,
    pub subject: String,
    /// Plain text; a link stands alone on its line.
    pub body: String,
}

/// Where mails go.
pub enum Mailer {
    /// `mail/<time>-<id>.eml` in the data directory, for trying the console out without a mail server.
    Files {
        directory: PathBuf,
    },
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files { directory } => write!(f, "Files({})", directory.display()),
            Self::Smtp(_) => f.write_str("Smtp"),
        }
    }
}

impl Mailer {
    /// Whether [`Self::smtp`] would take the address; outside a runtime, which a transport with its pool needs.
    pub fn takes_smtp_url(url: &str) -> bool {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_ok()
    }

    /// `smtp://` or `smtps://` with user and password as lettre reads them.
    pub fn smtp(url: &str) -> Result<Self, lettre::transport::smtp::Error> {
        Ok(Self::Smtp(Box::new(AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.build())))
    }

    /// Sends a mail. An error means that it may be tried again.
    pub async fn send(&self, from: &Mailbox, mail: &Mail, now: OffsetDateTime) -> Result<()> {
        let message = message(from, mail, now)?;
        match self {
            Self::Files { directory } => write(directory, mail.id, now, &message.formatted()).await,
            Self::Smtp(transport) => {
                transport.send(message).await.map_err(|e| Error::Internal(format!("SMTP: {}", smtp_kind(&e))))?;
                Ok(())
            }
        }
    }
}

/// The sender's address, as `Name <address>` or the address alone.
pub fn mailbox(text: &str) -> Option<Mailbox> {
    text.parse().ok()
}

/// The server's answer may quote the recipient: only the kind of error is kept.
fn smtp_kind(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("answered {code}"),
        None if error.is_timeout() => "timed out".to_owned(),
        None if error.is_tls() => "TLS failed".to_owned(),
        None => "no connection".to_owned(),
    }
}

fn message(from: &Mailbox, mail: &Mail, now: OffsetDateTime) -> Result<Message> {
    let to: Mailbox = mail.recipient.parse().map_err(|_| Error::Internal("recipient is no address".into()))?;
    let domain = from.email.domain().to_owned();
    // lettre would encode Korean text as base64: 8 bit keeps a file readable as it is, and the link on one line. Our
    // words have short lines; what RFC 5322 would not take as it is, lettre encodes.
    let text = mail.body.replace('\n', "\r\n");
    let body = if text.lines().all(|line| line.len() <= 998) {
        Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::EightBit)
    } else {
        Body::new(text)
    };
    let body = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body);
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&mail.subject)
        // One id a mail, so that a mail sent twice by a broken connection is one mail to the reader.
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        .date(std::time::SystemTime::from(now))
        .singlepart(body)
        .map_err(|e| Error::Internal(format!("mail: {e}")))
}

async fn write(directory: &std::path::Path, id: Uuid, now: OffsetDateTime, bytes: &[u8]) -> Result<()> {
    let failed = |e: std::io::Error| Error::Internal(format!("mail file: {e}"));
    let stamp = now
        .format(format_description!("[year][month][day]T[hour][minute][second][subsecond digits:3]Z"))
        .map_err(|e| Error::Internal(format!("mail time: {e}")))?;
    tokio::fs::create_dir_all(directory).await.map_err(failed)?;
    let path = directory.join(format!("{stamp}-{id}.eml"));
    // Written aside and renamed: whoever watches the folder never reads half a mail.
    let partial = path.with_extension("partial");
    tokio::fs::write(&partial, bytes).await.map_err(failed)?;
    tokio::fs::rename(&partial, &path).await.map_err(failed)?;
    tracing::info!(file = %path.display(), "mail written");
    Ok(())
}
