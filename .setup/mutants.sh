#!/usr/bin/env bash
# mutants.sh: does some test fail when a line of what seals, names and allows is changed? Each change is built and tested in
# a small workspace of its own, copied together in target/mutants: the whole would take a day. What must not survive is
# what is not in `known` below. SHARD=0/10 takes a tenth.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
.setup/setup.sh mutants
tools=${CONSOLE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/channel-console}
export PATH="$tools/rust/bin:$tools/bin:$PATH"
out=$PWD/target/mutants
tree=$out/tree
rm -rf "$tree/app" "$tree/guarded" "$out/mutants.out" && mkdir -p "$tree/app" "$tree/guarded/src"
sed -e 's|^members = .*|members = ["app/domain", "guarded"]|' -e '/^exclude = /d' Cargo.toml >"$tree/Cargo.toml"
cp Cargo.lock "$tree/"
cp -r app/domain "$tree/app/"
(cd app/backend/src && cp -r --parents actor.rs keyring random.rs vault "$tree/guarded/src/")
cat >"$tree/guarded/Cargo.toml" <<'TOML'
[package]
name = "guarded"
edition.workspace = true
[dependencies]
aes-gcm.workspace = true
base64.workspace = true
domain = { workspace = true, features = ["catalogue-data"] }
getrandom.workspace = true
hkdf.workspace = true
hmac.workspace = true
sha2.workspace = true
subtle.workspace = true
thiserror.workspace = true
tracing.workspace = true
uuid = { workspace = true, features = ["v4"] }
zeroize.workspace = true
[dev-dependencies]
tempfile = "3"
[lints.rust]
dead_code = "allow"
TOML
cat >"$tree/guarded/src/lib.rs" <<'RUST'
/// What these need of the backend's errors.
mod error {
    #[derive(Debug, PartialEq, Eq)]
    pub enum Error {
        Sealed,
        Internal(&'static str),
        Forbidden,
        ScopeMissing,
    }
    pub type Result<T, E = Error> = std::result::Result<T, E>;
}
mod actor;
mod keyring;
mod random;
mod vault;
RUST
files=()
for file in guarded/src/actor.rs guarded/src/{keyring,vault}/*.rs app/domain/src/{credential,member,id,secret}.rs; do
  files+=(--file "$file")
done
status=0
export CONSOLE_TEST_SEALS=200
cargo mutants --dir "$tree" --in-place --output "$out" "${files[@]}" --test-workspace true --exclude-re 'Debug' --timeout 60 \
  --shuffle --colors never ${SHARD:+--shard "$SHARD"} -- --lib >"$out/log" 2>&1 || status=$?
# 2: some were missed; 3: some never ended. Anything else is no answer.
if [ $status != 0 ] && [ $status != 2 ] && [ $status != 3 ]; then tail -30 "$out/log" >&2; exit 1; fi
count() { wc -l <"$out/mutants.out/$1.txt"; }
echo "mutants: $(count caught) caught, $(count timeout) never ended, $(count missed) missed; $(count unviable) did not compile"
known=$(grep -v '^#' .setup/mutants-known.txt || true)
missed=$(sed -E 's/:[0-9]+:[0-9]+:/:/' "$out/mutants.out/missed.txt" | { grep -vxF -- "${known:-nothing is known}" || true; })
if [ -n "$missed" ]; then echo "$missed"; exit 1; fi
