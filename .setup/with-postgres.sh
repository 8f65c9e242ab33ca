#!/usr/bin/env bash
# with-postgres.sh CMD…: runs CMD beside a throw-away PostgreSQL, whose address it finds in CONSOLE_TEST_POSTGRES_URL.
#
# The server listens on a unix socket in a fresh directory and nowhere else, trusts whoever can enter that directory
# (the user who ran this, and root), and is gone with everything in it when CMD ends, however it ends. It does not
# wait for the disk (fsync=off): data that is thrown away need not survive a power cut.
# `restart` in the server's directory kills it at once and starts it again; what was committed is then still there with
# PG_DURABLE=1 in the environment; PG_FSYNC=1 makes it wait for the disk as a real one does.
# The exit code is CMD's; 69 when there is no server to run, 64 without CMD.
set -euo pipefail

[ $# -gt 0 ] || { echo "usage: ${0##*/} CMD…" >&2; exit 64; }

initdb=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
[ -x "$initdb" ] || initdb=$(command -v initdb) || {
  echo "with-postgres: no initdb in /usr/lib/postgresql/*/bin nor on PATH; as root on Debian: apt-get install postgresql" >&2
  exit 69
}
bin=$(dirname "$(readlink -f "$initdb")")

# PostgreSQL refuses to run as root.
as_server() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  user=nobody
  if id -u postgres >/dev/null 2>&1; then user=postgres; fi
  if command -v setpriv >/dev/null; then
    as_server() { setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@"; }
  else
    as_server() { runuser -u "$user" -- "$@"; }
  fi
fi

# Not under TMPDIR: a socket's path has 107 bytes, and the server's user must be able to reach it.
dir=$(mktemp -d /tmp/console-pg.XXXXXX)
leave() {
  if [ -f "$dir/data/postmaster.pid" ]; then
    as_server "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  fi
  rm -rf "$dir"
}
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
if [ "$(id -u)" = 0 ]; then chown "$user" "$dir"; fi

settings="-k $dir -p 5432 -c listen_addresses= -c max_connections=300"
if [ -z "${PG_FSYNC:-}" ]; then
  settings+=" -c fsync=off -c full_page_writes=off"
  settings+=" -c synchronous_commit=$([ -n "${PG_DURABLE:-}" ] && echo on || echo off)"
fi

start() {
  # The variables of somebody's other server must not reach this one; nor a directory its user cannot enter.
  unset PGDATA PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE
  cd "$dir"
  as_server "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync &&
    as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start -o "$settings"
}
if ! (start) >"$dir/start.log" 2>&1; then
  echo "with-postgres: the server did not start:" >&2
  tail -n 15 "$dir/start.log" "$dir/server.log" >&2 || true
  exit 69
fi
{
  declare -f as_server
  echo "user=${user:-}; cd '$dir'"
  echo "as_server '$bin/pg_ctl' -D '$dir/data' -l '$dir/server.log' -m immediate -w -t 60 restart -o '$settings' >/dev/null"
} >"$dir/restart"
echo "with-postgres: $("$bin/postgres" --version), for this run only" >&2

status=0
CONSOLE_TEST_POSTGRES_URL="postgres://postgres@localhost:5432/postgres?host=${dir//\//%2F}" "$@" || status=$?
exit "$status"
