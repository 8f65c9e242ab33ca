#!/usr/bin/env bash
# torture.sh [small]: what `make test` does a few times, many times; some three hours. Every part runs, whatever became of the
# one before; at the end it says what each came to and which figures it printed. `small` asks a few times only, to see that
# every part runs. TORTURE="name …" runs those parts alone. Logs are kept in target/torture.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
small=${1:-}
logs=$PWD/target/torture
mkdir -p "$logs"
# Thousands of slow clients are thousands of open files, here and in the console.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

# n WHOLE SMALL: how often.
n() { if [ -n "$small" ]; then echo "$2"; else echo "$1"; fi; }
export CONSOLE_BIN=$PWD/target/debug/channel-console
native() { .setup/with-postgres.sh cargo test --locked --workspace --test it -- --nocapture "$@"; }

surviving() {
  CONSOLE_TEST_CYCLES=$(n 50 2) native --test-threads 1 what_was_acknowledged_outlives_the_console_and_payments_never_fail &&
    CONSOLE_TEST_CYCLES=$(n 20 2) native --test-threads 1 what_was_acknowledged_outlives_the_console_on_postgresql_too \
      what_was_acknowledged_outlives_a_database_that_is_killed whoever_stops_the_console
}
races() { native --test-threads 2 races; }
trouble() { CONSOLE_TEST_CYCLES=$(n 20 1) native trouble:: power_cut; }
rotating() { CONSOLE_TEST_KILLS=$(n 10 1) CONSOLE_TEST_CHANNELS=$(n 20000 200) native rotating; }
mails() { CONSOLE_TEST_MAILS=$(n 200 16) native mails:: mail_trouble; }
memory() { CONSOLE_TEST_WRITES=$(n 1000 60) native left_in_memory; }
proxies() { CONSOLE_TEST_POLL=$(n 25 2) native proxies; }
slow() { CONSOLE_TEST_CONNECTIONS=$(n 2000 300) native slow_clients; }
scanning() { CONSOLE_TEST_NOISE_MB=$(n 1024 16) native scanning; }
sealing() { CONSOLE_TEST_SEALS=$(n 1000000 1000) cargo test --locked --workspace --lib -- --nocapture no_nonce_and_no_ciphertext; }
matrix() {
  CONSOLE_TEST_STEPS=$(n 10000 100) CONSOLE_TEST_BODIES=$(n 2000 20) CONSOLE_TEST_EVERY=$(n 1 4) native policy malformed origin
}
flood() { node server/benches/flood.mjs "$(n 60 5)" "$(n 200 50)"; }
timing() {
  node server/benches/login_timing.mjs "$(n 3000 40)" && node server/benches/credential_timing.mjs "$(n 3000 100)"
}
soak() { node server/benches/soak.mjs "$(n 30 1)"; }
documents() { (cd end2end && REST_EXAMPLES=$(n 500 10) npx playwright test rest-document core-document); }
fuzz() { .setup/fuzz.sh "$(n 60 3)"; }
mutants() { SHARD=$(n "" 0/60) .setup/mutants.sh; }

# What a part printed that is worth repeating.
figures() {
  grep -hE '^(test result: .* [1-9][0-9]* passed|[0-9].*(refused|cells|doubtful|sign-ups|slow connections|sequences|bodies)|after [0-9]+ writes|not told|login timing|credential timing|soak|mutants:|.*: AUC|  [0-9]+ passed|PortOne|Bearer|stat::number|flood|memory|pages|.*MiB)' "$1" |
    sed 's/; finished in.*//' | sort -u | head -20
}

parts=(surviving races trouble rotating mails memory proxies slow scanning sealing matrix site flood timing soak documents fuzz mutants)
site() { cargo leptos build --cargo-locked; }
failed=0
summary=$logs/summary.txt
: >"$summary"
for part in ${TORTURE:-${parts[@]}}; do
  since=$SECONDS
  echo "torture: $part …"
  if "$part" >"$logs/$part.log" 2>&1; then came=ok; else came=FAILED failed=1; fi
  { printf '%-10s %-6s %5d s\n' "$part" "$came" $((SECONDS - since)) && figures "$logs/$part.log" | sed 's/^/    /'; } | tee -a "$summary"
  if [ "$came" = FAILED ]; then tail -40 "$logs/$part.log"; fi
done
echo
echo "torture${small:+ ($small)}: $(if [ $failed = 0 ]; then echo "every part is as it should be"; else echo "not every part is as it should be"; fi); $summary"
grep -E '^[a-z]' "$summary"
exit $failed
