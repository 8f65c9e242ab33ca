//! A stream that gives up on whoever is too slow.

use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::{
    Limits,
    heads::Heads,
    phase::{At, Phase},
};

/// A connection's stream with deadlines.
#[derive(Debug)]
pub struct Timed<S> {
    stream: S,
    limits: Limits,
    phase: Phase,
    heads: Heads,
    reading: Deadline,
    writing: Deadline,
    /// Bytes that came after the last answer; none while there may be another.
    after: Option<usize>,
    listening: Deadline,
}

/// Who was answered before all of the request had come is listened to for so long, or so many bytes. Closed at once, the
/// connection would be reset by what still comes, and the answer with it: a form that is too large would never be told so.
const LISTENED: Duration = Duration::from_secs(2);
const HEARD: usize = 16 * 1024 * 1024;

impl<S> Timed<S> {
    pub fn new(stream: S, limits: Limits, phase: Phase) -> Self {
        Self {
            stream,
            limits,
            phase,
            heads: Heads::default(),
            reading: Deadline::default(),
            writing: Deadline::default(),
            after: None,
            listening: Deadline::default(),
        }
    }

    /// Nothing has come; ready when that has lasted too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        // Before looking: an answer that ends in between wakes us.
        self.phase.wake_when_idle(context);
        let at = self.phase.at();
        let limit = match at {
            At::Idle => self.limits.idle,
            At::Head => self.limits.head,
            At::Answering => {
                self.reading.disarm();
                return Poll::Pending;
            }
        };
        self.reading.poll(context, at, limit)
    }

    /// Looks at what writing came to: no byte taken for too long is an error.
    fn watch<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.writing.disarm();
            return written;
        }
        ready!(self.writing.poll(context, At::Answering, self.limits.stalled));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(context, buffer) {
            if buffer.filled().len() > before {
                if self.phase.at() == At::Idle {
                    // The head's own deadline begins; bytes that follow do not move it.
                    self.reading.disarm();
                    self.heads.begin();
                }
                if self.heads.are_in_doubt(buffer.filled().get(before..).unwrap_or_default()) {
                    self.phase.doubt();
                }
                self.phase.bytes_came();
            }
            return Poll::Ready(read);
        }
        ready!(self.poll_silence(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.after.is_none() {
            let shut = Pin::new(&mut self.stream).poll_shutdown(context);
            ready!(self.watch(context, shut))?;
            self.after = Some(0);
        }
        if self.phase.has_left_unread() { self.poll_rest(context).map(Ok) } else { Poll::Ready(Ok(())) }
    }
}

impl<S: AsyncRead + Unpin> Timed<S> {
    /// Reads what still comes and throws it away, until the other side has seen our end of the connection.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [MaybeUninit::uninit(); 8 * 1024];
        while self.after.is_some_and(|heard| heard < HEARD) {
            let mut buffer = ReadBuf::uninit(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    self.after = self.after.map(|heard| heard + buffer.filled().len());
                }
                Poll::Ready(_) => break,
                Poll::Pending => return self.listening.poll(context, At::Idle, LISTENED),
            }
        }
        Poll::Ready(())
    }
}

/// A deadline that is set when waiting begins.
#[derive(Debug, Default)]
struct Deadline {
    /// What is waited for.
    armed: Option<At>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    fn disarm(&mut self) {
        self.armed = None;
    }

    fn poll(&mut self, context: &mut Context<'_>, at: At, limit: Duration) -> Poll<()> {
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(limit)));
        if self.armed != Some(at) {
            sleep.as_mut().reset(Instant::now() + limit);
            self.armed = Some(at);
        }
        sleep.as_mut().poll(context)
    }
}
