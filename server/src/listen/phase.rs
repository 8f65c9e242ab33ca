//! What a connection is at, told by who knows: the bytes that come, the handler, the end of the answer.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::body::{Body, Bytes, HttpBody};
use futures_util::task::AtomicWaker;
use hyper::body::{Frame, Incoming, SizeHint};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Between requests.
    Idle,
    /// Some bytes of a request's head have come.
    Head,
    /// A request is being answered; its own deadlines hold.
    Answering,
}

/// Shared by the connection's stream, its service and the answer's body.
#[derive(Debug, Clone, Default)]
pub struct Phase(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    at: AtomicU8,
    /// The head that came tells in two ways where its request ends.
    in_doubt: AtomicBool,
    /// The request was answered before all of it had come.
    left_unread: AtomicBool,
    /// The connection: nobody else tells it that an answer is over.
    connection: AtomicWaker,
}

impl Phase {
    pub fn at(&self) -> At {
        match self.0.at.load(Ordering::Acquire) {
            0 => At::Idle,
            1 => At::Head,
            _ => At::Answering,
        }
    }

    /// Bytes have come: of a request's head if nothing else is going on.
    pub fn bytes_came(&self) {
        let _ = self.0.at.compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);
    }

    pub fn doubt(&self) {
        self.0.in_doubt.store(true, Ordering::Relaxed);
    }

    /// Whether the request that is answered now is in doubt.
    pub fn takes_doubt(&self) -> bool {
        self.0.in_doubt.swap(false, Ordering::Relaxed)
    }

    pub fn answering(&self) {
        self.0.at.store(2, Ordering::Relaxed);
        self.0.left_unread.store(false, Ordering::Relaxed);
    }

    /// Whether the one at the other end may still be sending what nobody reads.
    pub fn has_left_unread(&self) -> bool {
        self.0.left_unread.load(Ordering::Relaxed)
    }

    fn idle(&self) {
        self.0.at.store(0, Ordering::Release);
        self.0.connection.wake();
    }

    /// Wakes the connection when the answer is over.
    pub fn wake_when_idle(&self, context: &Context<'_>) {
        self.0.connection.register(context.waker());
    }
}

/// A request's body that tells when it was dropped before its end.
#[derive(Debug)]
pub struct Asked {
    body: Incoming,
    phase: Phase,
    has_ended: bool,
}

impl Asked {
    pub const fn new(body: Incoming, phase: Phase) -> Self {
        Self { body, phase, has_ended: false }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if !self.has_ended && !self.body.is_end_stream() {
            self.phase.0.left_unread.store(true, Ordering::Relaxed);
        }
    }
}

impl HttpBody for Asked {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        // An error is the end, too: whoever sends is gone.
        self.has_ended = !matches!(frame, Some(Ok(_)));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body that tells when it is over.
#[derive(Debug)]
pub struct Watched {
    body: Body,
    phase: Phase,
}

impl Watched {
    pub const fn new(body: Body, phase: Phase) -> Self {
        Self { body, phase }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.phase.idle();
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
