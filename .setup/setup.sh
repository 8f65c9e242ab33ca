#!/usr/bin/env bash
# Sets up what the Makefile needs: `setup.sh run` for building and serving, `setup.sh test` adds what the tests
# need, `check`, `bench` and `torture` what those need. Every step checks first whether it is already done, and prints one
# line when it had to work: what, how long.
#
# Tools land in $CONSOLE_TOOLS (default ~/.cache/channel-console), never in the checkout and never in ~/.cargo, so that
# clones share them and removing that one folder removes them.
set -euo pipefail

RUST_VERSION=1.96.0          # what rustup is asked for; Debian's rustc-web is the same release
CARGO_LEPTOS_VERSION=0.3.11
BINARYEN_VERSION=132.0.0
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TOOLS=${CONSOLE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/channel-console}
BIN=$TOOLS/bin
LOG=$TOOLS/setup.log
WASM=wasm32-unknown-unknown
mkdir -p "$BIN"

# step WHAT DONE-CHECK ACTION: runs ACTION when DONE-CHECK fails; its output goes to the log.
step() {
  local what=$1 is_done=$2 action=$3 start=$SECONDS
  if $is_done >/dev/null 2>&1; then return 0; fi
  echo "== $what" >>"$LOG"
  if $action >>"$LOG" 2>&1 && $is_done >>"$LOG" 2>&1; then
    printf 'setup: %s: done in %s s\n' "$what" "$((SECONDS - start))"
  else
    printf 'setup: %s: failed after %s s; the end of %s says:\n' "$what" "$((SECONDS - start))" "$LOG" >&2
    tail -n 15 "$LOG" | sed 's/^/  | /' >&2
    printf 'setup: %s\n' "$(hint "$what")" >&2
    exit 1
  fi
}

hint() {
  case $1 in
    "C compiler"|"C++ compiler") echo "install a C compiler, e.g. as root: apt-get install build-essential" ;;
    "Rust "*) echo "install Rust $RUST_VERSION with the target $WASM: with rustup (rustup toolchain install $RUST_VERSION -t $WASM), or as root on Debian 12: apt-get install rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld" ;;
    "Node.js"*) echo "install Node.js 18 or newer with npm, e.g. as root: apt-get install nodejs npm" ;;
    "wasm-bindgen"*|"cargo-leptos"*|"cargo-deny"*|"cargo-fuzz"*|"cargo-mutants"*|"cargo-cyclonedx"*) echo "crates.io must be reachable for cargo install" ;;
    "wasm-opt"*|"end2end"*) echo "the npm registry must be reachable" ;;
    "Chromium"*) echo "install Chromium and Korean fonts, e.g. as root: apt-get install chromium fonts-noto-cjk" ;;
    "Firefox"*) echo "install Firefox, e.g. as root: apt-get install firefox-esr; elsewhere than in /usr/bin, name it in FIREFOX" ;;
    "Python"*) echo "install Python 3.11 or newer with venv, e.g. as root: apt-get install python3 python3-venv" ;;
    "schemathesis"*) echo "PyPI must be reachable for pip install" ;;
    "wrk"*) echo "install wrk, e.g. as root: apt-get install wrk util-linux" ;;
    "nginx and haproxy"*) echo "for the tests behind proxies install both, e.g. as root: apt-get install nginx haproxy; without them the others run" ;;
    "PostgreSQL"*) echo "install PostgreSQL 15 or newer, e.g. as root: apt-get install postgresql" ;;
    *) echo "see the log above" ;;
  esac
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"
  else echo "needs root: $*"; return 1; fi
}

apt_install() {
  command -v apt-get >/dev/null || { echo "apt-get not found: this set-up knows Debian; install by hand: $*"; return 1; }
  if [ -z "${APT_UPDATED:-}" ]; then as_root apt-get update -q || return 1; APT_UPDATED=1; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# --- C compiler: ring and SQLite are C -------------------------------------------------------------------------------
has_cc() { command -v cc; }
install_cc() { apt_install build-essential pkg-config ca-certificates; }

# --- Rust with the wasm target ---------------------------------------------------------------------------------------
# $TOOLS/rust/bin becomes the front of PATH: a link to rustup's toolchain, or links to Debian's compiler.
RUST_BIN=$TOOLS/rust/bin
has_rust() {
  [ -x "$RUST_BIN/cargo" ] && [ -x "$RUST_BIN/cargo-clippy" ] && [ -x "$RUST_BIN/cargo-fmt" ] &&
    compgen -G "$("$RUST_BIN/rustc" --print sysroot)/lib/rustlib/$WASM/lib/libstd-*.rlib" >/dev/null
}
install_rust() { rust_by_rustup || rust_by_debian; }

rust_by_rustup() {
  command -v rustup >/dev/null || return 1
  # A machine behind a proxy that only knows package registries fails here within seconds.
  RUSTUP_MAX_RETRIES=0 timeout 600 rustup toolchain install "$RUST_VERSION" --profile minimal \
    -c clippy -c rustfmt -t "$WASM" --no-self-update || return 1
  rustup target add "$WASM" --toolchain "$RUST_VERSION" || return 1
  rm -rf "$TOOLS/rust" && mkdir -p "$TOOLS/rust"
  ln -s "$(dirname "$(rustup which --toolchain "$RUST_VERSION" cargo)")" "$RUST_BIN"
}

rust_by_debian() {
  apt_install rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web || return 1
  # rust-web-llvm links /usr/bin/rust-lld into an lld package that it only suggests: ask for that very one.
  local lld; lld=$(readlink /usr/bin/rust-lld | grep -oE 'llvm-[0-9]+' | grep -oE '[0-9]+') || lld=22
  apt_install "lld-$lld" || return 1
  rm -rf "$TOOLS/rust" && mkdir -p "$RUST_BIN"
  local tool
  for tool in rustc cargo rustdoc rustfmt cargo-fmt cargo-clippy clippy-driver; do
    [ -x "/usr/bin/$tool" ] && ln -s "/usr/bin/$tool" "$RUST_BIN/$tool"
  done
  local target_lib=/usr/lib/rustlib/$WASM/lib
  compgen -G "$target_lib/libstd-*.rlib" >/dev/null && return 0
  # Debian ships the library's sources, not its wasm build: build std once with the matching compiler.
  local tmp; tmp=$(mktemp -d)
  mkdir -p "$tmp/src" && touch "$tmp/src/lib.rs"
  printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n' >"$tmp/Cargo.toml"
  (cd "$tmp" && PATH="$RUST_BIN:/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$tmp/target" \
    "$RUST_BIN/cargo" build --release -Z build-std=std,panic_abort --target "$WASM") || return 1
  as_root mkdir -p "$target_lib"
  local rlib
  for rlib in "$tmp/target/$WASM/release/deps/"*.rlib; do
    case $rlib in */libempty-*) ;; *) as_root cp "$rlib" "$target_lib/" ;; esac
  done
  rm -rf "$tmp"
}

# --- Cargo tools -----------------------------------------------------------------------------------------------------
# Unoptimised builds of the tools: they are run a few times, and link-time optimisation would cost 25 minutes.
cargo_tool() {
  PATH="$RUST_BIN:$PATH" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=${OPT:-0} CARGO_PROFILE_RELEASE_DEBUG=false CARGO_TARGET_DIR="$TOOLS/target" \
    cargo install --root "$TOOLS" "$@"
}
# The command line tool must equal the library in Cargo.lock to the digit.
wasm_bindgen_version() { awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, ""); print $3 }' "$ROOT/Cargo.lock"; }
has_wasm_bindgen() { [ "$("$BIN/wasm-bindgen" --version)" = "wasm-bindgen $(wasm_bindgen_version)" ]; }
install_wasm_bindgen() {
  local v; v=$(wasm_bindgen_version)
  OPT=1 cargo_tool wasm-bindgen-cli --version "$v" --locked --force || OPT=1 cargo_tool wasm-bindgen-cli --version "$v" --force
}
has_cargo_leptos() { "$BIN/cargo-leptos" --version | grep -qx "cargo-leptos $CARGO_LEPTOS_VERSION"; }
install_cargo_leptos() {
  if command -v cargo-binstall >/dev/null &&
    timeout 120 cargo-binstall -y --root "$TOOLS" --disable-strategies compile "cargo-leptos@$CARGO_LEPTOS_VERSION"; then return 0; fi
  cargo_tool cargo-leptos --version "$CARGO_LEPTOS_VERSION" --locked --no-default-features --features no_downloads --force
  local status=$?
  rm -rf "$TOOLS/target"
  return $status
}

# --- Node.js, wasm-opt -----------------------------------------------------------------------------------------------
has_node() { command -v npm && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)'; }
install_node() { apt_install nodejs npm; }
has_wasm_opt() { "$BIN/wasm-opt" --version | grep -q "version ${BINARYEN_VERSION%%.*}"; }
install_wasm_opt() {
  npm install --prefix "$TOOLS/npm" --no-save --no-audit --no-fund --ignore-scripts "binaryen@$BINARYEN_VERSION" || return 1
  ln -sf "$TOOLS/npm/node_modules/.bin/wasm-opt" "$BIN/wasm-opt"
}

# --- What only the tests need ----------------------------------------------------------------------------------------
has_chromium() { command -v chromium && { ! command -v fc-list >/dev/null || fc-list :lang=ko | grep -q .; }; }
install_chromium() { apt_install chromium fonts-noto-cjk fontconfig; }
has_firefox() { [ -x "${FIREFOX:-/nowhere}" ] || [ -x /usr/bin/firefox-esr ] || [ -x /usr/bin/firefox ]; }
install_firefox() { apt_install firefox-esr; }
pg_bin() { find /usr/lib/postgresql /usr/local/pgsql -maxdepth 3 -name initdb -type f,l 2>/dev/null | sort -V | tail -n 1; }
has_postgres() { [ -n "$(pg_bin)" ] || command -v initdb; }
install_postgres() {
  # Debian would start a server of its own at installation; the tests start a throw-away one themselves.
  as_root mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf
  apt_install postgresql
}
has_end2end() { cmp -s "$ROOT/end2end/package-lock.json" "$ROOT/end2end/node_modules/.installed-lock"; }
install_end2end() {
  npm ci --prefix "$ROOT/end2end" --prefer-offline --ignore-scripts --no-audit --no-fund &&
    cp "$ROOT/end2end/package-lock.json" "$ROOT/end2end/node_modules/.installed-lock"
}
has_python() { python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'; }
install_python() { apt_install python3 python3-venv; }
# Every version and hash is in schemathesis.txt, made by: uv pip compile --universal --generate-hashes --no-annotate
# --no-header --python-version 3.11, of the one line schemathesis==VERSION.
VENV=$TOOLS/schemathesis
schemathesis_version() { sed -n 's/^schemathesis==\([^ ]*\).*/\1/p' "$ROOT/.setup/schemathesis.txt"; }
has_schemathesis() { cmp -s "$ROOT/.setup/schemathesis.txt" "$VENV/.installed-lock" && "$BIN/st" --version; }
install_schemathesis() {
  rm -rf "$VENV" && python3 -m venv "$VENV" || return 1
  "$VENV/bin/pip" install --disable-pip-version-check --require-hashes --only-binary :all: \
    -r "$ROOT/.setup/schemathesis.txt" || return 1
  ln -sf "$VENV/bin/st" "$BIN/st" && cp "$ROOT/.setup/schemathesis.txt" "$VENV/.installed-lock"
}

# --- What only `make bench` needs --------------------------------------------------------------------------------------
has_wrk() { command -v wrk && command -v taskset; }
install_wrk() { apt_install wrk util-linux; }

# --- What only `make check` needs ------------------------------------------------------------------------------------
has_cargo_deny() { "$BIN/cargo-deny" --version; }
install_cargo_deny() { cargo_tool cargo-deny --locked || cargo_tool cargo-deny; local s=$?; rm -rf "$TOOLS/target"; return $s; }

# --- What only `make torture` needs -----------------------------------------------------------------------------------
CARGO_FUZZ_VERSION=0.13.2
has_cargo_fuzz() { "$BIN/cargo-fuzz" --version | grep -qx "cargo-fuzz $CARGO_FUZZ_VERSION"; }
install_cargo_fuzz() { cargo_tool cargo-fuzz --version "$CARGO_FUZZ_VERSION" --locked; local s=$?; rm -rf "$TOOLS/target"; return $s; }
CARGO_MUTANTS_VERSION=27.1.0
has_cargo_mutants() { "$BIN/cargo-mutants" mutants --version | grep -qx "cargo-mutants $CARGO_MUTANTS_VERSION"; }
install_cargo_mutants() { cargo_tool cargo-mutants --version "$CARGO_MUTANTS_VERSION" --locked; local s=$?; rm -rf "$TOOLS/target"; return $s; }
CARGO_CYCLONEDX_VERSION=0.5.9
has_cyclonedx() { "$BIN/cargo-cyclonedx" cyclonedx --version | grep -qw "$CARGO_CYCLONEDX_VERSION"; }
install_cyclonedx() { cargo_tool cargo-cyclonedx --version "$CARGO_CYCLONEDX_VERSION" --locked; local s=$?; rm -rf "$TOOLS/target"; return $s; }
has_cxx() { command -v c++; }

# --- Proxies that the tests put in front of the console ------------------------------------------------------------------
# Unpacked beside the other tools, not installed: neither is to be a service of this machine.
PROXIES=$TOOLS/proxies
proxy() { command -v "$1" || [ -x "/usr/sbin/$1" ] || [ -x "$PROXIES/usr/sbin/$1" ]; }
has_proxies() { proxy nginx && proxy haproxy; }
install_proxies() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  # What a small system may lack of what they link.
  local packages=(libopentracing-c-wrapper0 libopentracing1 liblua5.3-0 libpcre2-8-0)
  proxy nginx || packages+=(nginx)
  proxy haproxy || packages+=(haproxy)
  apt-cache show haproxy >/dev/null 2>&1 || as_root apt-get update -q || return 1
  mkdir -p "$PROXIES" && (
    cd "$(mktemp -d)" && { apt-get download "${packages[@]}" ||
      { as_root apt-get update -q && apt-get download "${packages[@]}"; }; } &&
      for package in *.deb; do dpkg -x "$package" "$PROXIES"; done && rm -rf "$PWD"
  )
}

for_build() {
  step "C compiler" has_cc install_cc
  step "Rust $RUST_VERSION with $WASM" has_rust install_rust
  step "Node.js" has_node install_node
  step "wasm-opt $BINARYEN_VERSION" has_wasm_opt install_wasm_opt
  step "wasm-bindgen $(wasm_bindgen_version)" has_wasm_bindgen install_wasm_bindgen
  step "cargo-leptos $CARGO_LEPTOS_VERSION" has_cargo_leptos install_cargo_leptos
}
case ${1:-run} in
  run) for_build ;;
  fuzz)
    for_build
    step "C++ compiler" has_cxx install_cc
    step "cargo-fuzz $CARGO_FUZZ_VERSION" has_cargo_fuzz install_cargo_fuzz
    ;;
  mutants) for_build; step "cargo-mutants $CARGO_MUTANTS_VERSION" has_cargo_mutants install_cargo_mutants ;;
  sbom) for_build; step "cargo-cyclonedx $CARGO_CYCLONEDX_VERSION" has_cyclonedx install_cyclonedx ;;
  check) for_build; step "cargo-deny" has_cargo_deny install_cargo_deny ;;
  test)
    for_build
    step "PostgreSQL" has_postgres install_postgres
    step "Chromium and Korean fonts" has_chromium install_chromium
    step "Firefox" has_firefox install_firefox
    step "end2end packages" has_end2end install_end2end
    step "Python with venv" has_python install_python
    step "schemathesis $(schemathesis_version)" has_schemathesis install_schemathesis
    # Where they cannot be had, their tests say so and go on.
    (step "nginx and haproxy" has_proxies install_proxies) || true
    ;;
  bench)
    for_build
    step "PostgreSQL" has_postgres install_postgres
    step "wrk" has_wrk install_wrk
    ;;
  torture)
    "$0" test
    # What some of it looks through; where it is missing, it says so and goes on.
    command -v strace >/dev/null && command -v mkfs.btrfs >/dev/null ||
      apt_install strace btrfs-progs e2fsprogs >>"$LOG" 2>&1 || true
    ;;
  *) echo "usage: $0 run|check|fuzz|mutants|sbom|test|bench|torture" >&2; exit 2 ;;
esac
