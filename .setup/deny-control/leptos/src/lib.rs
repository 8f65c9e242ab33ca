//! Not the real one: only its name counts.
