//! Questions that are asked together. Whoever comes while the database is being asked waits, and all who wait are then
//! served by one statement: under load a question costs a part of one.

use std::{
    mem,
    sync::{Arc, Mutex},
};

use tokio::sync::oneshot;

use crate::{
    error::{Error, Result},
    held::held,
};

/// So many questions are asked at once at most.
const MOST: usize = 64;

#[derive(Debug)]
pub(crate) struct Together<Q, A> {
    waiting: Mutex<Waiting<Q, A>>,
}

#[derive(Debug)]
struct Waiting<Q, A> {
    is_asking: bool,
    next: Vec<(Q, oneshot::Sender<A>)>,
}

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Self {
        Self { waiting: Mutex::new(Waiting { is_asking: false, next: Vec::new() }) }
    }
}

impl<Q: Send + 'static, A: Send + 'static> Together<Q, A> {
    /// The answer to a question, from a statement that begins after the call. `ask` answers many, in their order; what it
    /// cannot answer is [`Error::Unavailable`] to all of them.
    pub async fn ask<F, Asked>(self: &Arc<Self>, question: Q, ask: F) -> Result<A>
    where
        F: Fn(Vec<Q>) -> Asked + Send + 'static,
        Asked: Future<Output = Result<Vec<A>>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let is_asking = {
            let mut waiting = held(&self.waiting);
            waiting.next.push((question, tell));
            mem::replace(&mut waiting.is_asking, true)
        };
        if !is_asking {
            let asking = Asking { together: Arc::clone(self), is_done: false };
            tokio::spawn(asking.go_on(ask));
        }
        told.await.map_err(|_| Error::Unavailable)
    }
}

/// Asks for everybody. Should it be dropped before its time, those who wait are told so, and the next one asks again.
struct Asking<Q, A> {
    together: Arc<Together<Q, A>>,
    is_done: bool,
}

impl<Q, A> Asking<Q, A> {
    async fn go_on<F, Asked>(mut self, ask: F)
    where
        F: Fn(Vec<Q>) -> Asked,
        Asked: Future<Output = Result<Vec<A>>>,
    {
        loop {
            // Whoever is about to ask does so first: the more ask together, the less each costs.
            tokio::task::yield_now().await;
            let Some((questions, tells)) = self.next() else { return };
            match ask(questions).await {
                Ok(answers) => {
                    for (tell, answer) in tells.into_iter().zip(answers) {
                        let _ = tell.send(answer);
                    }
                }
                Err(error) => tracing::warn!(%error, "the database did not answer"),
            }
        }
    }

    fn next(&mut self) -> Option<(Vec<Q>, Vec<oneshot::Sender<A>>)> {
        let mut waiting = held(&self.together.waiting);
        if waiting.next.is_empty() {
            waiting.is_asking = false;
            self.is_done = true;
            return None;
        }
        let some = waiting.next.len().min(MOST);
        Some(waiting.next.drain(..some).unzip())
    }
}

impl<Q, A> Drop for Asking<Q, A> {
    fn drop(&mut self) {
        if !self.is_done {
            let mut waiting = held(&self.together.waiting);
            waiting.is_asking = false;
            waiting.next.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn those_who_wait_are_served_by_one_question() {
        let (together, asked) = (Arc::new(Together::default()), Arc::new(AtomicUsize::new(0)));
        let answers = (0..10).map(|number| {
            let (together, asked) = (Arc::clone(&together), Arc::clone(&asked));
            tokio::spawn(async move {
                let ask = move |numbers: Vec<i32>| {
                    asked.fetch_add(1, Ordering::Relaxed);
                    async move {
                        tokio::task::yield_now().await;
                        Ok(numbers.into_iter().map(|number| number * 2).collect())
                    }
                };
                (number, together.ask(number, ask).await)
            })
        });
        for answer in answers.collect::<Vec<_>>() {
            let (number, doubled) = answer.await.expect("answered");
            assert_eq!(doubled.ok(), Some(number * 2));
        }
        assert!(asked.load(Ordering::Relaxed) < 10);
    }

    #[tokio::test]
    async fn after_a_question_that_failed_the_next_one_is_asked() {
        let together: Arc<Together<bool, ()>> = Arc::default();
        let ask = |fails: Vec<bool>| async move {
            if fails.contains(&true) { Err(Error::Unavailable) } else { Ok(vec![(); fails.len()]) }
        };
        assert!(matches!(together.ask(true, ask).await, Err(Error::Unavailable)));
        assert!(together.ask(false, ask).await.is_ok());
    }
}
