//! Locks for moments.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is held is whole after a panic too: nothing panics between two changes of it.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
