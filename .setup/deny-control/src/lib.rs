//! Everything that `deny.sh` must find.
