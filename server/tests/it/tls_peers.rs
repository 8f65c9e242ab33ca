//! Whoever asks for TLS gets TLS with the right one, or nothing: neither database nor mail server is spoken to in clear
//! because it says that it has no TLS, nor because it shows somebody's certificate.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use backend::{
    Db, Error,
    mail::{Mail, Mailer, mailbox},
};
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, pem::PemObject as _},
};
use time::OffsetDateTime;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// A certificate that nobody signed.
fn somebodys() -> TlsAcceptor {
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("signed");
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a certificate");
    TlsAcceptor::from(Arc::new(config))
}

/// What a peer was told in clear, or inside of TLS.
type Heard = mpsc::UnboundedReceiver<Vec<u8>>;

/// A peer that answers as `talk` does.
async fn peer<F>(talk: impl Fn(TcpStream, mpsc::UnboundedSender<Vec<u8>>) -> F + Send + 'static) -> (SocketAddr, Heard)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (tell, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, tell.clone()));
        }
    });
    (addr, heard)
}

async fn listen_on(mut stream: impl AsyncRead + Unpin, tell: &mpsc::UnboundedSender<Vec<u8>>) {
    let mut bytes = vec![0; 4096];
    while let Ok(Ok(count @ 1..)) = timeout(Duration::from_secs(3), stream.read(&mut bytes)).await {
        let _ = tell.send(bytes[..count].to_vec());
    }
}

fn said(heard: &mut Heard) -> String {
    let mut all = Vec::new();
    while let Ok(bytes) = heard.try_recv() {
        all.extend(bytes);
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn a_database_without_tls_or_with_anothers_certificate_is_not_told_who_we_are() {
    let tls = somebodys();
    for (what, yes) in [("it has none", false), ("somebody's certificate", true)] {
        let tls = tls.clone();
        let (addr, mut heard) = peer(move |mut stream, tell| {
            let tls = tls.clone();
            async move {
                // The eight bytes that ask for TLS.
                let mut request = [0; 8];
                if stream.read_exact(&mut request).await.is_err() {
                    return;
                }
                let _ = stream.write_all(if yes { b"S" } else { b"N" }).await;
                if !yes {
                    listen_on(stream, &tell).await;
                } else if let Ok(stream) = tls.accept(stream).await {
                    listen_on(stream, &tell).await;
                }
            }
        })
        .await;
        let url = format!("postgres://console-user:the-password@localhost:{}/console?sslmode=verify-full", addr.port());
        let opened = timeout(Duration::from_secs(30), Db::open(&url)).await.expect("an end");
        assert!(matches!(opened, Err(Error::Unavailable)), "{what}: {opened:?}");
        let said = said(&mut heard);
        assert!(!said.contains("console-user") && !said.contains("the-password"), "{what}: {said}");
    }
}

/// A mail server that offers no TLS and takes everything.
async fn plain_smtp(mut stream: impl AsyncRead + AsyncWrite + Unpin, tell: mpsc::UnboundedSender<Vec<u8>>) {
    let _ = stream.write_all(b"220 mail\r\n").await;
    let mut bytes = vec![0; 4096];
    while let Ok(Ok(count @ 1..)) = timeout(Duration::from_secs(3), stream.read(&mut bytes)).await {
        let _ = tell.send(bytes[..count].to_vec());
        if stream.write_all(b"250 fine\r\n").await.is_err() {
            break;
        }
    }
}

#[tokio::test]
async fn a_mail_server_without_tls_or_with_anothers_certificate_gets_no_mail_where_tls_is_asked_for() {
    let mail = Mail {
        id: "00000000-0000-0000-0000-000000000007".parse().expect("an id"),
        recipient: "kim@example.com".to_owned(),
        subject: "the subject".to_owned(),
        body: "the-secret-link\n".to_owned(),
    };
    let from = mailbox("console@example.com").expect("an address");
    let (plain, mut heard_plain) = peer(plain_smtp).await;
    let tls = somebodys();
    let (other, mut heard_other) = peer(move |stream, tell| {
        let tls = tls.clone();
        async move {
            if let Ok(stream) = tls.accept(stream).await {
                plain_smtp(stream, tell).await;
            }
        }
    })
    .await;
    for (what, url) in [
        ("TLS from the start, plain peer", format!("smtps://user:the-password@localhost:{}", plain.port())),
        ("STARTTLS, plain peer", format!("smtp://user:the-password@localhost:{}?tls=required", plain.port())),
        ("somebody's certificate", format!("smtps://user:the-password@localhost:{}", other.port())),
    ] {
        let mailer = Mailer::smtp(&url).expect("an address");
        let sent = timeout(Duration::from_secs(30), mailer.send(&from, &mail, OffsetDateTime::UNIX_EPOCH)).await;
        assert!(sent.expect("an end").is_err(), "{what}");
        let said = said(&mut heard_plain) + &said(&mut heard_other);
        for kept in ["kim@example.com", "the-secret-link", "the-password", "AUTH", "MAIL FROM"] {
            assert!(!said.contains(kept), "{what}: {said}");
        }
    }
}
