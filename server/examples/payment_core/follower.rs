//! Keeps the memory up to date, whatever happens to the console.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use domain::id::{ChannelKey, StoreId};

use super::{
    console::{BATCH, Changes, Console, LONGEST_WAIT, Trouble},
    memory::Memory,
    saved::Saved,
};

/// Between tries, while the console does not answer.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1)];

/// Not saved more often than this: it is everything that is written.
const SAVED_EVERY: Duration = Duration::from_secs(1);

pub struct Follower {
    console: Console,
    saved: Saved,
    memory: Arc<Memory>,
    stop: Arc<AtomicBool>,
}

impl Follower {
    pub fn new(console: Console, saved: Saved, memory: Arc<Memory>) -> Self {
        Self { console, saved, memory, stop: Arc::default() }
    }

    /// Set, it ends [`Self::follow`] at the next answer.
    pub fn stopper(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// A core that starts while the console is down serves what it had.
    pub fn begin_with_what_was_saved(&self) {
        match self.saved.read() {
            Ok(Some(state)) => self.memory.change(|memory| *memory = state),
            Ok(None) => {}
            Err(error) => eprintln!("what was saved is of no use, the console will be asked: {error}"),
        }
    }

    /// Follows until it is stopped.
    pub fn follow(&self) {
        let mut failed = 0;
        let (mut saved_seq, mut saved_at) = (self.memory.seq(), Instant::now());
        while !self.stop.load(Ordering::Relaxed) {
            let is_saved = self.memory.seq() == saved_seq;
            let step = match self.memory.seq() {
                // With something to save, this does not wait for the next change.
                Some(seq) => self.step(seq, if is_saved { LONGEST_WAIT } else { 1 }),
                None => self.begin(),
            };
            if self.memory.seq() != saved_seq && saved_at.elapsed() >= SAVED_EVERY {
                self.save();
                (saved_seq, saved_at) = (self.memory.seq(), Instant::now());
            }
            match step {
                Ok(()) => failed = 0,
                // Payments go on with what is there until the new picture is whole.
                Err(Trouble::UseSnapshot) => {
                    if let Err(Trouble::Unavailable(why)) = self.begin() {
                        eprintln!("snapshot: {why}");
                        sleep(PAUSES[1]);
                    }
                }
                Err(Trouble::Unavailable(why)) => {
                    if failed == 0 {
                        eprintln!("the console does not answer, payments go on: {why}");
                    }
                    sleep(PAUSES[failed.min(PAUSES.len() - 1)]);
                    failed += 1;
                }
            }
        }
    }

    fn begin(&self) -> Result<(), Trouble> {
        let state = self.console.snapshot()?;
        let seq = state.seq;
        self.memory.change(|memory| *memory = state);
        seq.map_or(Ok(()), |seq| self.console.ack(seq))
    }

    /// One question: what came, and the channels it is about as they are now. Events are not applied one by one: whatever
    /// version is read is at least as new as its event, and reading one twice does no harm.
    fn step(&self, after: i64, wait: u64) -> Result<(), Trouble> {
        let Changes { events, next } = self.console.changes(after, wait)?;
        let keys: BTreeSet<ChannelKey> = events.iter().filter_map(|event| event.channel_key).collect();
        let added = events.iter().filter(|event| event.kind == "STORE_ADDED").filter_map(|event| event.store_id);
        let stores = added.map(|id: StoreId| self.console.store(id)).collect::<Result<Vec<_>, _>>()?;
        let mut read = Vec::new();
        let keys: Vec<ChannelKey> = keys.into_iter().collect();
        for keys in keys.chunks(BATCH) {
            read.push(self.console.channels(keys)?);
        }
        self.memory.change(|memory| {
            for store in stores {
                memory.put_store(store);
            }
            for batch in read {
                for channel in batch.channels {
                    memory.put(channel);
                }
                // What the console cannot open it may open again; what is another store's by now is not ours.
                for gone in batch.missing.into_iter().filter(|missing| missing.kind == "STORE_FORBIDDEN") {
                    memory.forget(gone.channel_key);
                }
            }
            memory.seq = Some(next);
        });
        self.console.ack(next)
    }

    /// Seals what there is to the file.
    pub fn save(&self) {
        if let Err(error) = self.memory.read(|state| self.saved.write(state)) {
            eprintln!("not saved: {error}");
        }
    }
}
