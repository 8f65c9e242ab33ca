//! Accepting connections. `axum::serve` waits for ever for a request that never ends; this does not: there are deadlines
//! for the head of a request, for silence, and for who does not take the answer, and an end to the number of connections.

mod counts;
mod crowd;
mod deadlines;
mod framing;
mod heads;
mod phase;
mod tls;

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, StatusCode, header},
};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use counts::Open;
use crowd::Guest;
use deadlines::Timed;
use framing::{Framing, framing};
use phase::{Asked, Phase, Watched};

pub use counts::Counts;
pub use crowd::Crowd;
pub use tls::{TlsError, TlsFiles};

/// The most bytes of a request's head.
const HEAD: usize = 64 * 1024;

/// How long a connection may take for what, and how many there are at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first byte of a request to the end of its head; of a TLS handshake as well.
    pub head: Duration,
    /// Without a request.
    pub idle: Duration,
    /// Without taking a byte of the answer.
    pub stalled: Duration,
    /// From the signal to stop until what is under way is given up.
    pub farewell: Duration,
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            stalled: Duration::from_secs(30),
            farewell: Duration::from_secs(10),
            connections: 2048,
        }
    }
}

/// Serves a router until `stopping` says so, then lets what is under way finish.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    stopping: watch::Receiver<bool>,
) {
    serve_counted(listener, tls, router, limits, stopping, Arc::default(), Arc::default()).await;
}

/// [`serve`], with the connections counted, and so many of one address as `crowd` lets in.
pub async fn serve_counted(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
    counts: Arc<Counts>,
    crowd: Arc<Crowd>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        if places.available_permits() == 0 {
            counts.full();
        }
        // Without a place nobody is accepted: who comes now waits in the system's queue, not in our memory.
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = told_to_stop(&mut stopping) => break,
        };
        let Ok(place) = place else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = told_to_stop(&mut stopping) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(guest) = crowd.admit(peer.ip()) else {
                    counts.turned_away();
                    continue;
                };
                let connection = Connection {
                    peer,
                    router: router.clone(),
                    limits,
                    stopping: stopping.clone(),
                    place,
                    _open: counts.open(),
                    _guest: guest,
                };
                tokio::spawn(connection.begin(stream, tls.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                // As when there are no file descriptors left: some will be given back.
                tracing::error!(%error, "accept");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
    drop(listener);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if timeout(limits.farewell, places.acquire_many(all)).await.is_err() {
        counts.cut(limits.connections - places.available_permits());
        tracing::warn!("connections were cut that had not ended");
    }
}

async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    // Whoever could say so is gone: that is a stop, too.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// The peer went away before it was accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

struct Connection {
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    stopping: watch::Receiver<bool>,
    /// Given back when the connection has ended.
    place: OwnedSemaphorePermit,
    _open: Open,
    _guest: Guest,
}

impl Connection {
    async fn begin(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        // Answers are small: one that waits for company is late.
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls else { return self.talk(stream).await };
        match timeout(self.limits.head, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.talk(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, peer = %self.peer, "TLS handshake"),
            Err(_) => tracing::debug!(peer = %self.peer, "TLS handshake: too slow"),
        }
    }

    async fn talk(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { peer, router, limits, mut stopping, place, _open, _guest } = self;
        let phase = Phase::default();
        let stream = Timed::new(stream, limits, phase.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            phase.answering();
            request.extensions_mut().insert(ConnectInfo(peer));
            let framing = if phase.takes_doubt() { Framing::Ambiguous } else { framing(request.headers()) };
            let (answer, phase) =
                (router.clone().oneshot(request.map(|body| Body::new(Asked::new(body, phase.clone())))), phase.clone());
            async move {
                let mut answer: Response<Body> = if framing == Framing::Ambiguous {
                    let mut answer = Response::new(Body::empty());
                    *answer.status_mut() = StatusCode::BAD_REQUEST;
                    answer
                } else {
                    answer.await.unwrap_or_else(|never: Infallible| match never {})
                };
                if framing != Framing::Known {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(answer.map(|body| Watched::new(body, phase)))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // Ours are finer: this one would take silence between requests for half a head.
            .header_read_timeout(None)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = told_to_stop(&mut stopping) => {
                connection.as_mut().graceful_shutdown();
                timeout(limits.farewell, connection).await.unwrap_or(Ok(()))
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, %peer, "connection");
        }
        drop(place);
    }
}
