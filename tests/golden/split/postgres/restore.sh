#!/usr/bin/env bash
# Restores PostgreSQL from a backup.
#
#   restore.sh --list           the backups there are
#   restore.sh [--yes] NAME     restores that one; `latest` is the newest
#
# What is replaced is moved aside, not deleted: remove it by hand when all is well.
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
usage() { fail "usage: restore.sh --list | restore.sh [--yes] NAME|latest"; }

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


yes=false wanted=
for argument in "$@"; do
  case $argument in
    --list)
      for class in daily weekly monthly; do
        backups_in "$class" | while IFS= read -r name; do
          printf '%-8s %s  %s\n' "$class" "$name" "$(du --summarize --human-readable -- "$BACKUPS/$class/$name" | cut -f 1)"
        done
      done
      exit 0
      ;;
    --yes) yes=true ;;
    -*) usage ;;
    *) [[ -z $wanted ]] || usage; wanted=$argument ;;
  esac
done
[[ -n $wanted ]] || usage

# Backup, restore and update of one server exclude each other.
exec 9<"$HERE"
flock --nonblock 9 || fail "another backup, restore or update is at work in $HERE; wait until it has ended"


mountpoint --quiet -- '/mnt/storage/rag-data' || fail "the storage is not mounted at "'/mnt/storage/rag-data'

if [[ $wanted == latest ]]; then
  wanted=$(backups_in daily | tail -n 1)
  [[ -n $wanted ]] || fail "there is no backup of $STACK in $BACKUPS/daily"
fi
FROM=
for class in daily weekly monthly; do
  # Not --quiet: grep would stop reading at the name, and what still writes to it would count as a failure.
  if backups_in "$class" | grep --line-regexp --fixed-strings -- "$wanted" >/dev/null; then
    FROM=$BACKUPS/$class/$wanted
    break
  fi
done
[[ -n $FROM ]] || fail "there is no backup $wanted of $STACK; see restore.sh --list"
(cd -- "$FROM" && sha256sum --check --strict --quiet SHA256SUMS) || fail "$FROM is damaged; nothing was changed"

say "This replaces the data of $STACK by that of $FROM:"
say "  database "'rag_db_chatty'" of "'postgres'
say "Every service of this server is stopped meanwhile."
say "Stop the server "'api'" first: it uses this one."
if ! $yes; then
  [[ -t 0 ]] || fail "nobody is there to be asked; add --yes"
  read -r -p "Type $STACK to go on: " answer
  [[ $answer == "$STACK" ]] || fail "not confirmed; nothing was changed"
fi

step="stopping the services"
aside=()
finish() {
  local status=$? path
  for path in "${aside[@]}"; do
    say "the data from before is in $path"
  done
  if ((status != 0)); then
    printf 'error: the restore failed while %s; mend the cause and run it again, or move the old data back.\n' "$step" >&2
    printf 'error: the services may be stopped: docker compose up --detach --wait\n' >&2
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# In one transaction: a failure leaves the database as it was. Unit, database, user.
restore_postgres() {
  step="restoring database $2"
  docker compose up --detach --no-deps --wait "$1"
  docker compose exec -T "$1" pg_restore --username="$3" --dbname="$2" --no-password --clean --if-exists \
    --single-transaction --exit-on-error <"$FROM/$1.$2.dump"
  say "restored database $2 of $1"
}

docker compose stop
restore_postgres 'postgres' 'rag_db_chatty' 'chatty'

step="starting the services"
docker compose up --detach --wait
say "$STACK is restored from $FROM and runs"
