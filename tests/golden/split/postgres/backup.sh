#!/usr/bin/env bash
# Backs up PostgreSQL.
#
# A backup is made under another name, checked, and only then takes its own; a failure leaves the earlier ones as they
# were. The first of a week and of a month is kept in weekly/ and monthly/ as well, by hard links.
set -euo pipefail
export LC_ALL=C
HERE=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
cd -- "$HERE"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

umask 077

readonly STACK='postgres'
readonly BACKUPS='/mnt/storage/rag-data/backups'
readonly TEXTFILES='/var/lib/node_exporter/textfile_collector'

# Backup, restore and update of one server exclude each other.
exec 9<"$HERE"
flock --nonblock 9 || fail "another backup, restore or update is at work in $HERE; wait until it has ended"


mountpoint --quiet -- '/mnt/storage/rag-data' || fail "the storage is not mounted at "'/mnt/storage/rag-data'

mkdir --parents -- "$BACKUPS/daily" "$BACKUPS/weekly" "$BACKUPS/monthly"
NAME=$(date --utc +%Y%m%dT%H%M%SZ)-$STACK
PARTIAL=$BACKUPS/daily/.partial-$STACK
stopped=()

finish() {
  local status=$? unit
  for unit in "${stopped[@]}"; do
    docker compose start "$unit" || status=1
  done
  rm -rf -- "$PARTIAL"
  if ((status != 0)); then
    printf 'error: the backup of %s failed; earlier backups are as they were\n' "$STACK" >&2
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The backups of this server in one class, oldest first. Whatever else lies there is none of ours.
backups_in() {
  local path name
  for path in "$BACKUPS/$1"/*; do
    name=${path##*/}
    if [[ -d $path && ! -L $path && $name =~ ^[0-9]{8}T[0-9]{6}Z-(.+)$ && ${BASH_REMATCH[1]} == "$STACK" ]]; then
      printf '%s\n' "$name"
    fi
  done
}


# A dump in PostgreSQL's own format, read back before it counts: unit, database, user.
dump_postgres() {
  local file=$PARTIAL/$1.$2.dump
  docker compose exec -T "$1" pg_dump --username="$3" --format=custom --no-password "$2" </dev/null >"$file"
  docker compose exec -T "$1" pg_restore --list <"$file" >/dev/null
  say "dumped database $2 of $1"
}

# Keeps the new backup in another class as well, when it is the first of its week or month: class, form of the period.
promote() {
  local last partial=$BACKUPS/$1/.partial-$STACK
  last=$(backups_in "$1" | tail -n 1)
  if [[ -n $last && $(period "$last" "$2") == "$(period "$NAME" "$2")" ]]; then
    return
  fi
  rm -rf -- "$partial"
  if ! cp --archive --link -- "$BACKUPS/daily/$NAME" "$partial" 2>/dev/null; then
    rm -rf -- "$partial"
    cp --archive -- "$BACKUPS/daily/$NAME" "$partial"
  fi
  mv --no-target-directory -- "$partial" "$BACKUPS/$1/$NAME"
  say "kept it in $1 as well"
}

period() { date --utc --date="${1:0:4}-${1:4:2}-${1:6:2}" "+$2"; }

# Removes the oldest beyond those that are kept: class, number kept.
prune() {
  local name
  backups_in "$1" | head --lines="-$2" | while IFS= read -r name; do
    rm -rf --one-file-system -- "${BACKUPS:?}/$1/${name:?}"
    say "removed $1/$name"
  done
}

rm -rf -- "$PARTIAL"
mkdir -- "$PARTIAL"
dump_postgres 'postgres' 'rag_db_chatty' 'chatty'

(
  cd -- "$PARTIAL"
  sums=$(find . -maxdepth 1 -type f -printf '%f\0' | sort --zero-terminated | xargs --null sha256sum --)
  printf '%s\n' "$sums" >SHA256SUMS
  sha256sum --check --strict --quiet SHA256SUMS
)
sync --file-system "$PARTIAL"
[[ ! -e $BACKUPS/daily/$NAME ]] || fail "$BACKUPS/daily/$NAME is there already"
mv --no-target-directory -- "$PARTIAL" "$BACKUPS/daily/$NAME"
say "backup daily/$NAME is complete"

promote weekly %G-%V
promote monthly %Y-%m

(umask 022 && mkdir --parents -- "$TEXTFILES")
metrics=$TEXTFILES/rapplan_backup_$STACK.prom
{
  printf '# HELP rapplan_backup_last_success_timestamp_seconds When the last good backup ended\n'
  printf '# TYPE rapplan_backup_last_success_timestamp_seconds gauge\n'
  printf 'rapplan_backup_last_success_timestamp_seconds %s\n' "$(date +%s)"
} >"$metrics.new"
chmod 0644 -- "$metrics.new"
mv -- "$metrics.new" "$metrics"

prune daily 7
prune weekly 4
prune monthly 12

