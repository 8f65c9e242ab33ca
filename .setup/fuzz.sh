#!/usr/bin/env bash
# fuzz.sh [SECONDS]: each target of server/fuzz for so long (60 s). What breaks one is kept in server/fuzz/artifacts.
# The compiler is the one of everything else: RUSTC_BOOTSTRAP lets it take the options of a nightly one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
.setup/setup.sh fuzz
tools=${CONSOLE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/channel-console}
export PATH="$tools/rust/bin:$tools/bin:$PATH" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"
fuzz() { cargo fuzz "$1" --fuzz-dir server/fuzz --sanitizer none "${@:2}"; }
cargo fetch --locked --quiet --manifest-path server/fuzz/Cargo.toml
fuzz build
for target in credential envelope forwarded cookie form; do
  echo "fuzz: $target"
  fuzz run "$target" -- -max_total_time="${1:-60}" -max_len=4096 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 2>&1 |
    { grep -E "^stat::(number_of_executed_units|new_units_added)|panicked|SUMMARY|artifacts" || true; } ||
    { echo "fuzz: $target broke; see server/fuzz/artifacts" >&2; exit 1; }
done
