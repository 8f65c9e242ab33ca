//! nginx and haproxy, each with the lines of OPERATING.md.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use rcgen::{CertificateParams, KeyPair};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use tempfile::TempDir;
use tokio_rustls::TlsConnector;

use crate::programs::until;

pub const NAME: &str = "console.example.com";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Haproxy,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
        }
    }
}

/// A proxy that runs, and whoever trusts its certificate.
pub struct Proxy {
    child: Child,
    pub addr: SocketAddr,
    pub tls: TlsConnector,
    folder: TempDir,
}

impl Proxy {
    /// In front of `console`; none where there is no such program.
    pub fn start(kind: Kind, console: SocketAddr) -> Option<Self> {
        let program = program(kind.word())?;
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![NAME.to_owned()]).expect("parameters");
        let certificate = params.self_signed(&key).expect("signed");
        for (name, text) in [
            ("chain.pem", certificate.pem()),
            ("key.pem", key.serialize_pem()),
            ("both.pem", certificate.pem() + &key.serialize_pem()),
        ] {
            fs::write(at(name), text).expect("written");
        }
        let addr = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("an address");
        let (addr_text, console) = (addr.to_string(), console.to_string());
        let sample = sample(kind.word());
        let (text, words) = match kind {
            Kind::Nginx => {
                let here = [
                    ("listen 443 ssl", format!("listen {addr_text} ssl")),
                    ("/etc/console/fullchain.pem", at("chain.pem")),
                    ("/etc/console/key.pem", at("key.pem")),
                    ("127.0.0.1:3000", console),
                ];
                let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|what| format!("{what}_temp_path {};\n", at(what)))
                    .concat();
                // As it is installed, but in this folder, and one process that ends when it is told to.
                let around = format!(
                    "daemon off;\nmaster_process off;\npid {};\nerror_log {};\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{}}}\n",
                    at("pid"),
                    at("log"),
                    replaced(&sample, &here)
                );
                (around, vec!["-p", folder.path().to_str().expect("text"), "-e", "log", "-c", "proxy.conf"])
            }
            Kind::Haproxy => {
                let here = [
                    ("bind :443", format!("bind {addr_text}")),
                    ("/etc/console/both.pem", at("both.pem")),
                    ("127.0.0.1:3000", console),
                ];
                (replaced(&sample, &here), vec!["-db", "-f", "proxy.conf"])
            }
        };
        fs::write(at("proxy.conf"), text).expect("written");
        let log = fs::OpenOptions::new().create(true).append(true).open(at("log")).expect("a file");
        let mut child = Command::new(&program)
            .args(words)
            .current_dir(folder.path())
            .env("LD_LIBRARY_PATH", libraries(&program))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("started");
        until(kind.word(), || {
            let ended = child.try_wait().expect("a child");
            assert!(ended.is_none(), "{}: {}", kind.word(), fs::read_to_string(at("log")).unwrap_or_default());
            TcpStream::connect(addr).is_ok()
        });
        Some(Self { child, addr, tls: trusting(certificate.der()), folder })
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What OPERATING.md says under this heading of a block of code.
fn sample(language: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("OPERATING.md");
    let page = fs::read_to_string(page).expect("a page");
    let block = page.split_once(&format!("```{language}\n")).expect("a sample").1;
    block.split_once("```").expect("its end").0.to_owned()
}

/// Addresses and files of this machine instead of those of the page; nothing else is changed.
fn replaced(sample: &str, here: &[(&str, String)]) -> String {
    here.iter().fold(sample.to_owned(), |text, (theirs, ours)| {
        assert!(text.contains(theirs), "OPERATING.md does not say {theirs}");
        text.replace(theirs, ours)
    })
}

/// Where the system has it, or where `setup.sh` unpacked it.
fn program(name: &str) -> Option<PathBuf> {
    let unpacked = tools().join("proxies/usr/sbin");
    [Path::new("/usr/sbin"), Path::new("/usr/local/sbin"), Path::new("/usr/bin"), &unpacked]
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|path| path.exists())
}

/// The libraries beside a program that was unpacked; none for one of the system.
fn libraries(program: &Path) -> String {
    let below = tools().join("proxies/usr/lib");
    let folders = if program.starts_with(tools()) { fs::read_dir(below).ok() } else { None };
    let folders = folders.into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path().display().to_string());
    folders.collect::<Vec<_>>().join(":")
}

fn tools() -> PathBuf {
    let cache = || Some(PathBuf::from(std::env::var_os("XDG_CACHE_HOME")?));
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let cache = || Some(cache().or_else(home)?.join("channel-console"));
    std::env::var_os("CONSOLE_TOOLS").map(PathBuf::from).or_else(cache).unwrap_or_default()
}

fn trusting(certificate: &CertificateDer<'static>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}
