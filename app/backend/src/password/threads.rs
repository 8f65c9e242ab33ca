//! The threads that hash: as many as may hash at once, each with memory of its own that it keeps and wipes.
//!
//! A hash takes 19 MiB. On whatever blocking thread is free, the allocator ends with that much for every thread that
//! ever hashed: a gigabyte after a busy day. Here it is what the threads hold, and no more.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use argon2::{Argon2, Block};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit, oneshot};

use crate::{
    error::{Error, Result},
    held::held,
};

/// How long somebody waits for a thread before being told to come back.
const WAIT: Duration = Duration::from_secs(2);
/// How many may wait for each thread: more than it can serve within the wait, and not so many that the queue is a burden.
const QUEUE: usize = 64;

/// Hashes under way, those that wait for a thread, and how many threads there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashingLoad {
    pub in_flight: usize,
    pub waiting: usize,
    pub most: usize,
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

#[derive(Debug)]
pub struct Threads {
    jobs: mpsc::Sender<Job>,
    /// One for each thread.
    permits: Arc<Semaphore>,
    /// One for each who hashes or waits.
    places: Semaphore,
    count: usize,
}

impl Threads {
    /// Starts `count` threads, which keep the memory for a hash of `blocks` blocks. They end when this is dropped.
    pub fn start(count: usize, blocks: usize) -> Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..count {
            let waiting = Arc::clone(&waiting);
            std::thread::Builder::new()
                .name(format!("hashing-{number}"))
                .spawn(move || work(&waiting, Memory::keeping(blocks)))
                .map_err(|e| Error::Internal(format!("hashing thread: {e}")))?;
        }
        Ok(Self { jobs, permits: Arc::new(Semaphore::new(count)), places: Semaphore::new(count * (QUEUE + 1)), count })
    }

    pub fn load(&self) -> HashingLoad {
        let in_flight = self.count.saturating_sub(self.permits.available_permits());
        let places = (self.count * (QUEUE + 1)).saturating_sub(self.places.available_permits());
        HashingLoad { in_flight, waiting: places.saturating_sub(in_flight), most: self.count }
    }

    /// Waits for a thread, or answers [`Error::Unavailable`] when none is free in time. Who hangs up leaves the queue.
    pub async fn turn(&self) -> Result<Turn<'_>> {
        let place = self.places.try_acquire().map_err(|_| Error::Unavailable)?;
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = permit.map_err(|_| Error::Unavailable)?.map_err(|_| Error::Unavailable)?;
        Ok(Turn { jobs: &self.jobs, _place: place, permit })
    }
}

/// A thread's time, for one hash.
#[derive(Debug)]
pub struct Turn<'a> {
    jobs: &'a mpsc::Sender<Job>,
    _place: SemaphorePermit<'a>,
    permit: OwnedSemaphorePermit,
}

impl Turn<'_> {
    /// Runs `work` on the thread. The permit goes with it: tied to the request, it would be given back when the client
    /// hangs up while the hashing goes on.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T> {
        let Self { jobs, _place, permit } = self;
        let (tell, told) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            let done = work(memory);
            drop(permit);
            // Who asked may have gone.
            let _ = tell.send(done);
        };
        jobs.send(Box::new(job)).map_err(|_| Error::Unavailable)?;
        told.await.map_err(|_| Error::Internal("password hashing panicked".into()))
    }
}

/// One thread: does what comes until nothing can come any more.
fn work(waiting: &Mutex<mpsc::Receiver<Job>>, mut memory: Memory) {
    loop {
        let next = held(waiting).recv();
        let Ok(job) = next else { return };
        // A panic is the job's: its sender is dropped, and so its caller told.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
    }
}

/// The memory of one thread, taken once.
pub struct Memory {
    blocks: Vec<Block>,
    kept: usize,
}

impl Memory {
    pub const fn keeping(kept: usize) -> Self {
        Self { blocks: Vec::new(), kept }
    }

    /// Hashes into `out`. What a hash of another cost needs beyond the memory kept is given back.
    pub fn hash(&mut self, argon2: &Argon2<'_>, password: &[u8], salt: &[u8], out: &mut [u8]) -> argon2::Result<()> {
        let needed = argon2.params().block_count();
        if self.blocks.len() < needed {
            self.blocks.reserve_exact(needed.max(self.kept) - self.blocks.len());
            self.blocks.resize(needed.max(self.kept), Block::new());
        }
        let blocks = self.blocks.get_mut(..needed).unwrap_or_default();
        let hashed = argon2.hash_password_into_with_memory(password, salt, out, &mut *blocks);
        // What a password was made into shall not lie about until the next.
        blocks.fill(Block::new());
        if self.blocks.len() > self.kept {
            self.blocks.truncate(self.kept);
            self.blocks.shrink_to_fit();
        }
        hashed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn whoever_hangs_up_does_not_make_room_while_the_hashing_goes_on() {
        let threads = Arc::new(Threads::start(1, 8).expect("started"));
        let (began, goes_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let (at_once, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let counted = {
            let (at_once, most) = (Arc::clone(&at_once), Arc::clone(&most));
            move || most.fetch_max(at_once.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst)
        };
        let first = {
            let (threads, began, goes_on) = (Arc::clone(&threads), Arc::clone(&began), Arc::clone(&goes_on));
            let (at_once, counted) = (Arc::clone(&at_once), counted.clone());
            tokio::spawn(async move {
                let slow = move |_: &mut Memory| {
                    counted();
                    began.wait();
                    goes_on.wait();
                    at_once.fetch_sub(1, Ordering::SeqCst);
                };
                threads.turn().await?.run(slow).await
            })
        };
        tokio::task::spawn_blocking(move || began.wait()).await.expect("begun");
        first.abort();
        assert!(first.await.expect_err("hung up").is_cancelled());
        assert_eq!(threads.permits.available_permits(), 0, "its place is not free yet");
        let second = tokio::spawn({
            let (threads, at_once) = (Arc::clone(&threads), Arc::clone(&at_once));
            async move {
                let quick = move |_: &mut Memory| {
                    counted();
                    at_once.fetch_sub(1, Ordering::SeqCst);
                };
                threads.turn().await?.run(quick).await
            }
        });
        tokio::task::yield_now().await;
        goes_on.wait();
        second.await.expect("joined").expect("hashed");
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_goes_on() {
        let threads = Threads::start(1, 8).expect("started");
        let failed = threads.turn().await.expect("free").run(|_| panic!("of this job alone")).await;
        assert!(matches!(failed, Err(Error::Internal(_))), "{failed:?}");
        assert_eq!(threads.turn().await.expect("free").run(|_| 7).await.expect("run"), 7);
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_at_once() {
        let threads = Threads::start(1, 8).expect("started");
        let all = threads.places.acquire_many(u32::try_from(QUEUE + 1).expect("small")).await.expect("places");
        assert!(matches!(threads.turn().await, Err(Error::Unavailable)));
        drop(all);
        threads.turn().await.expect("free");
    }

    #[test]
    fn memory_is_wiped_and_a_bigger_hash_gives_back_what_it_took() {
        let mut memory = Memory::keeping(64);
        for (kib, passes) in [(64, 1), (256, 1), (64, 2)] {
            let params = argon2::Params::new(kib, passes, 1, None).expect("a cost");
            let argon2 = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
            let (mut out, mut known) = ([0; 32], [0; 32]);
            memory.hash(&argon2, b"password", b"salt-of-16-bytes", &mut out).expect("hashed");
            argon2.hash_password_into(b"password", b"salt-of-16-bytes", &mut known).expect("hashed");
            assert_eq!(out, known, "{kib}");
            assert_eq!(memory.blocks.len(), 64);
            assert!(memory.blocks.iter().all(|block| block.as_ref().iter().all(|word| *word == 0)), "{kib}");
        }
    }
}
