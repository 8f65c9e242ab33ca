//! TLS towards payment cores: they prove themselves by a certificate of our own authority, or there is no connection.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
    version::TLS13,
};
use tokio_rustls::TlsAcceptor;

/// PEM files: the console's certificate with its chain and its key, and the authority that signed the cores'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
    pub client_ca: PathBuf,
}

/// A file that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct TlsError {
    path: String,
    why: String,
}

impl TlsError {
    fn of(path: &Path) -> impl Fn(String) -> Self {
        let path = path.display().to_string();
        move |why| Self { path: path.clone(), why }
    }
}

impl TlsFiles {
    /// TLS 1.3, and no client without a certificate that the authority signed and that has not expired.
    pub fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let mut authority = RootCertStore::empty();
        for certificate in certificates(&self.client_ca)? {
            authority.add(certificate).map_err(|e| TlsError::of(&self.client_ca)(e.to_string()))?;
        }
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(authority), Arc::clone(&provider));
        let clients = clients.build().map_err(|e| TlsError::of(&self.client_ca)(e.to_string()))?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|e| TlsError::of(&self.key)(e.to_string()))?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(|e| TlsError::of(&self.cert)(e.to_string()))?
            .with_client_cert_verifier(clients)
            .with_single_cert(certificates(&self.cert)?, key)
            .map_err(|e| TlsError::of(&self.cert)(e.to_string()))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// Every certificate of a file; at least one.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let failed = TlsError::of(path);
    let read = CertificateDer::pem_file_iter(path).map_err(|e| failed(e.to_string()))?;
    let certificates: Vec<_> = read.collect::<Result<_, _>>().map_err(|e| failed(e.to_string()))?;
    if certificates.is_empty() { Err(failed("there is no certificate in it".to_owned())) } else { Ok(certificates) }
}
