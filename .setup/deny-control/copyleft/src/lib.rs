//! Only its licence counts.
