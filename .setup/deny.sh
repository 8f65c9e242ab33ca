#!/usr/bin/env bash
# Dependencies: licences, bans, sources, and known vulnerabilities. Advisories come from the archive that ADVISORY_DB
# names (a .tgz of the RustSec database), from one in ../shared where there is such a folder, else from the network.
# The same rules are first held against `deny-control`, where each must find something: a gate that lets everything
# through looks like one that finds nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
archive=${ADVISORY_DB:-$(find ../shared -maxdepth 1 -name 'rustsec-advisory-db-*.tgz' 2>/dev/null | sort | tail -n 1)}
control=.setup/deny-control/Cargo.toml
cargo fetch --locked --quiet
cargo fetch --locked --quiet --manifest-path "$control"
config=deny.toml
# `--offline` would leave out yanked crates; the index is asked for them where it can be.
options=(--log-level error)
if [ -n "$archive" ]; then
  # cargo-deny reads the database as a git checkout under a name of its own.
  db=target/advisory-db
  checkout=$db/advisory-db-3157b0e258782691
  if [ ! -e "$checkout/.git/FETCH_HEAD" ] || [ "$archive" -nt "$checkout/.git/FETCH_HEAD" ]; then
    rm -rf "$db" && mkdir -p "$checkout"
    tar xzf "$archive" -C "$checkout"
    git -C "$checkout" init -q
    git -C "$checkout" add -A
    git -C "$checkout" -c user.name=advisories -c user.email=advisories@localhost commit -qm "$(basename "$archive")"
    touch "$checkout/.git/FETCH_HEAD"
  fi
  config=target/deny.toml
  sed "s|^\[advisories\]|[advisories]\ndb-path = \"$PWD/$db\"\ndb-urls = [\"https://github.com/rustsec/advisory-db\"]|; s|^yanked.*||" deny.toml >"$config"
  options+=(--offline)
fi

# must_find CHECK WORD…: the check refuses the control, and names each of these.
must_find() {
  local check=$1 said word; shift
  if said=$(cargo deny "${options[@]}" --manifest-path "$control" --config "${control_config:-$config}" check "$check" 2>&1); then
    echo "deny: the check of $check lets through what it must refuse" >&2; exit 1
  fi
  for word in "$@"; do
    grep -qF -- "$word" <<<"$said" || { echo "deny: the check of $check does not find $word:" >&2; echo "$said" >&2; exit 1; }
  done
}
must_find advisories RUSTSEC-2026-0009
must_find bans "'trace-component-props'" "'debug-print'" "'openssl = 0.0.0'"
must_find licenses GPL-3.0-only
# Nothing of the control comes from elsewhere than crates.io; with that forbidden as well, it is refused.
sed 's|^\[sources\]|[sources]\nallow-registry = []|' "$config" >target/deny-nowhere.toml
control_config=target/deny-nowhere.toml must_find sources "time"

cargo deny "${options[@]}" --config "$config" check advisories bans licenses sources
