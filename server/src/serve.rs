//! Starting and stopping.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, middleware::from_fn_with_state};
use backend::{
    Backend, BackupError, Db, KeyRing, KeyRingError, RotationError, Settings, needs_its_key_ring,
    random::{OsRandom, Random},
    resolver::Resolver,
};
use domain::clock::Clock;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::{oneshot, watch},
};

use crate::{
    audit_heads,
    config::Config,
    core,
    listen::{self, Crowd, Limits, TlsError, TlsFiles},
    operations::{self, Metrics, Telling},
    router,
    system::SystemClock,
    worker,
};

/// From the signal to the end at most: people first, so that payment cores and probes are answered to the last.
const FAREWELL_OF_PEOPLE: Duration = Duration::from_secs(6);
const FAREWELL_OF_CORES: Duration = Duration::from_secs(4);

/// Connections of people from one address: an office behind one has some, a flood has all that it can get. Payment cores
/// are few and known.
const OF_ONE_ADDRESS: usize = 256;

const FAREWELL_OF_DATABASE: Duration = Duration::from_secs(2);

/// Why the console did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the data directory {path} cannot be used: {source}")]
    DataDir { path: String, source: io::Error },
    #[error(transparent)]
    KeyRing(#[from] KeyRingError),
    #[error("the key ring does not belong to this database: what is stored does not open with it")]
    WrongKeyRing,
    #[error("the key ring {path} is missing; what is stored does not open without it, and no other is made")]
    NoKeyRing { path: String },
    #[error(transparent)]
    Rotation(#[from] RotationError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error("the database cannot be opened: {0}")]
    Database(backend::Error),
    #[error("no threads for payment cores: {0}")]
    Threads(#[from] io::Error),
    #[error("{addr} cannot be listened on: {source}")]
    Listen { addr: SocketAddr, source: io::Error },
    #[error("{0}")]
    NotThere(&'static str),
    #[error("{0}")]
    Refused(String),
    #[error("what is stored is not sound; see above")]
    Unsound,
    #[error("the site's files are missing: {0}")]
    Site(String),
    #[error("CONSOLE_CORE_TLS_…: {0}")]
    Tls(#[from] TlsError),
    #[error("{0}")]
    Backend(#[from] backend::Error),
}

/// Opens data directory, key ring and database.
pub async fn backend(config: &Config) -> Result<Arc<Backend>, StartError> {
    backend_by(config, Arc::new(SystemClock), Arc::new(OsRandom), config.dns.resolver()).await
}

/// The same by another clock, another randomness and another resolver than the machine's.
pub(crate) async fn backend_by(
    config: &Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    resolver: Arc<dyn Resolver>,
) -> Result<Arc<Backend>, StartError> {
    let data_dir = |source| StartError::DataDir { path: config.data_dir.display().to_string(), source };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&config.data_dir).map_err(data_dir)?;

    // Looked at before the database is touched; a link to nowhere is not nothing.
    let ring = match config.keyring.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        _ => Some(KeyRing::read(&config.keyring)?),
    };
    let db = Db::open(&config.database_url).await.map_err(StartError::Database)?;
    let ring = match ring {
        Some(ring) => ring,
        None if needs_its_key_ring(&db).await.map_err(StartError::Database)? => {
            return Err(StartError::NoKeyRing { path: config.keyring.display().to_string() });
        }
        None => {
            KeyRing::generate(&OsRandom).write(&config.keyring).map_err(data_dir)?;
            tracing::info!(path = %config.keyring.display(), "key ring made: back it up, apart from the database");
            KeyRing::read(&config.keyring)?
        }
    };
    let settings = Settings {
        public_url: config.public_url.clone(),
        argon2: config.argon2,
        hashing_permits: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
    };
    let backend = Backend::new(db, ring, clock, random, resolver, settings).await;
    backend.map(Arc::new).map_err(|error| match error {
        backend::Error::Sealed => StartError::WrongKeyRing,
        other => StartError::Database(other),
    })
}

/// Serves until SIGTERM or Ctrl-C, then lets what is under way finish.
pub async fn serve(config: Config) -> Result<(), StartError> {
    let backend = backend(&config).await?;
    let options = router::options(&config)?;
    let tls = config.core_tls.as_ref().map(TlsFiles::acceptor).transpose()?;
    let bind =
        |addr| async move { TcpListener::bind(addr).await.map_err(|source| StartError::Listen { addr, source }) };
    let (people, cores) = (bind(config.addr).await?, bind(config.core_addr).await?);
    let name = worker::console_name(&config);
    backend.begin_serving(&name).await.map_err(|error| match error {
        backend::Error::Sealed => StartError::WrongKeyRing,
        other => StartError::Database(other),
    })?;
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        wait_for_signal().await;
        tracing::info!("stopping");
        let _ = stop.send(true);
    });
    let metrics = Arc::new(Metrics::new(backend.now_ms()));
    let told = |router: Router, listener| {
        router.layer(from_fn_with_state(Telling::new(&backend, &metrics, listener), operations::tell))
    };
    let site = told(router::site(&config, &backend, options, router::Patience::default()), "people");
    let operations = operations::routes(Arc::clone(&backend), Arc::clone(&metrics), stopping.clone());
    let core = told(core::router(Arc::clone(&backend)).merge(operations), "cores");
    let work = tokio::spawn(worker::run(Arc::clone(&backend), config.clone()));
    tracing::info!("Channel Console: {}", config.public_url);
    tracing::info!("payment cores: {}://{}", if tls.is_some() { "https" } else { "http" }, config.core_addr);
    let (stop_cores, cores_stopping) = watch::channel(false);
    let serve_people = async {
        let limits = Limits { farewell: FAREWELL_OF_PEOPLE, ..Limits::default() };
        let crowd = Arc::new(Crowd::of_at_most(OF_ONE_ADDRESS, config.trusted_proxies.clone()));
        listen::serve_counted(people, None, site, limits, stopping, Arc::clone(&metrics.people), crowd).await;
        backend.stop_waiting();
        let _ = stop_cores.send(true);
    };
    let limits = Limits { farewell: FAREWELL_OF_CORES, ..Limits::default() };
    let counts = Arc::clone(&metrics.cores);
    let (serve_cores, end) = beside(cores, move |cores| {
        listen::serve_counted(cores, tls, core, limits, cores_stopping, counts, Arc::default())
    })?;
    let _ = tokio::join!(serve_people, serve_cores);
    work.abort();
    if let Err(error) = backend.write_secret_reads().await {
        tracing::error!(%error, "who read which secrets in the last minute is not written down");
    }
    audit_heads::note(&backend, &config.data_dir).await;
    if let Err(error) = backend.end_serving(&name).await {
        tracing::warn!(%error, "a rotation of keys will wait a minute for this console");
    }
    // SQLite merges its log into the file when the last connection closes. Left to the end of the process, that is cut short.
    match tokio::time::timeout(FAREWELL_OF_DATABASE, backend.db().close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the database is not closed; nothing is lost"),
        Err(_) => tracing::warn!("the database is still in use; nothing is lost"),
    }
    drop(end);
    Ok(())
}

/// Serves payment cores by threads of their own: no page that is rendered, and no password that is hashed, is in a
/// payment's way. Returns what resolves when that is over; the threads, with the database connections that were opened
/// there, stay until the second is dropped.
fn beside<F>(
    listener: TcpListener,
    serve: impl FnOnce(TcpListener) -> F + Send + 'static,
) -> io::Result<(oneshot::Receiver<()>, oneshot::Sender<()>)>
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_name("cores").enable_all().build()?;
    let listener = listener.into_std()?;
    let (served, is_served) = oneshot::channel();
    let (end, has_ended) = oneshot::channel::<()>();
    std::thread::Builder::new().name("cores".into()).spawn(move || {
        runtime.block_on(async {
            match TcpListener::from_std(listener) {
                Ok(listener) => serve(listener).await,
                Err(error) => tracing::error!(%error, "payment cores are not served"),
            }
            let _ = served.send(());
            let _ = has_ended.await;
        });
    })?;
    Ok((is_served, end))
}

async fn wait_for_signal() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
