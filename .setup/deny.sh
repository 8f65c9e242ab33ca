#!/usr/bin/env bash
# Dependencies: licences, bans, sources, and known vulnerabilities. Advisories come from the archive that ADVISORY_DB
# names (a .tgz of the RustSec database), from one in ../shared where there is such a folder, else from the network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
archive=${ADVISORY_DB:-$(find ../shared -maxdepth 1 -name 'rustsec-advisory-db-*.tgz' 2>/dev/null | sort | tail -n 1)}
cargo fetch --locked --quiet
# `--offline` would leave out yanked crates; the index is asked for them where it can be.
checks=(bans licenses sources)
if [ -z "$archive" ]; then
  cargo deny --log-level error check advisories "${checks[@]}"
  exit
fi
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
cargo deny --log-level error --offline --config "$config" check advisories "${checks[@]}"
