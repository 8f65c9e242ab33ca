//! What an operator is told of a listener's connections.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// Connections of one listener.
#[derive(Debug, Default)]
pub struct Counts {
    open: AtomicU64,
    accepted: AtomicU64,
    full: AtomicU64,
    turned_away: AtomicU64,
    cut: AtomicU64,
}

impl Counts {
    /// Open now.
    pub fn now(&self) -> u64 {
        self.open.load(Relaxed)
    }

    pub fn accepted(&self) -> u64 {
        self.accepted.load(Relaxed)
    }

    /// How often whoever came next had to wait, since every place was taken.
    pub fn held_back(&self) -> u64 {
        self.full.load(Relaxed)
    }

    /// Closed at once, since their address had enough of them.
    pub fn were_turned_away(&self) -> u64 {
        self.turned_away.load(Relaxed)
    }

    /// Cut at the end, since they did not end themselves.
    pub fn were_cut(&self) -> u64 {
        self.cut.load(Relaxed)
    }

    pub(super) fn full(&self) {
        self.full.fetch_add(1, Relaxed);
    }

    pub(super) fn turned_away(&self) {
        self.turned_away.fetch_add(1, Relaxed);
    }

    pub(super) fn cut(&self, count: usize) {
        self.cut.fetch_add(count as u64, Relaxed);
    }

    pub(super) fn open(self: &Arc<Self>) -> Open {
        self.open.fetch_add(1, Relaxed);
        self.accepted.fetch_add(1, Relaxed);
        Open(Arc::clone(self))
    }
}

/// A connection, counted while it lives.
#[derive(Debug)]
pub(super) struct Open(Arc<Counts>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}
