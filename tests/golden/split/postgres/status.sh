#!/usr/bin/env bash
# How PostgreSQL is. Ends with 1 when something is wrong.
set -euo pipefail
export LC_ALL=C
HERE=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
cd -- "$HERE"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

wrong=0
good() { printf 'ok    %s\n' "$*"; }
bad() {
  printf 'WRONG %s\n' "$*"
  wrong=$((wrong + 1))
}

say "Services"
if states=$(docker compose ps --all --format '{{ .Service }} {{ .State }} {{ .Health }}'); then
  units=('postgres' 'postgres-exporter' 'node-exporter')
  for unit in "${units[@]}"; do
    read -r _ state health < <(grep -- "^$unit " <<<"$states" || printf '%s missing\n' "$unit") || true
    if [[ $state == running && ( -z ${health-} || $health == healthy ) ]]; then
      good "$unit $state ${health-}"
    else
      bad "$unit $state ${health-}"
    fi
  done
else
  bad "Docker does not answer"
fi

say "Disks"
# The folder, and the share in use from which it is wrong.
disk() {
  local used
  used=$(df --output=pcent -- "$1" 2>/dev/null | tail -n 1 | tr -dc '0-9') || true
  if [[ -z $used ]]; then
    bad "$1 cannot be read"
  elif ((used >= 80)); then
    bad "$1 is $used% full (80% is too much)"
  else
    good "$1 is $used% full"
  fi
}

if mountpoint --quiet -- '/mnt/storage/rag-data'; then
  good '/mnt/storage/rag-data'" is mounted"
else
  bad '/mnt/storage/rag-data'" is not mounted"
fi
disk '/'
disk '/mnt/storage/rag-data'

say "Backup"
readonly STACK='postgres'
readonly BACKUPS='/mnt/storage/rag-data/backups'
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

last=$(backups_in daily | tail -n 1)
if [[ -z $last ]]; then
  bad "there is no backup in $BACKUPS/daily"
else
  made=$(date --utc --date="${last:0:8} ${last:9:2}:${last:11:2}:${last:13:2}" +%s)
  age=$((($(date +%s) - made) / 3600))
  if ((age >= 26)); then
    bad "the last backup, $last, is $age hours old"
  else
    good "the last backup, $last, is $age hours old"
  fi
fi

say "Endpoints"
# The value of a variable in .env, without quotes around it; empty when it is not there.
env_value() {
  local value
  value=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\+\)\?$1=//p" .env | tail -n 1)
  case $value in
    \"*\") value=${value#\"} value=${value%\"} ;;
    \'*\') value=${value#\'} value=${value%\'} ;;
  esac
  printf '%s' "$value"
}

private=$(env_value PRIVATE_ADDRESS)
accepts() {
  # shellcheck disable=SC2016 # the inner shell expands them
  if timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/$2"' - "$1" "$2" 2>/dev/null; then
    good "$3 accepts connections on $1:$2"
  else
    bad "$3 accepts no connections on $1:$2"
  fi
}
accepts "$private" 5432 'postgres'
accepts "$private" 9187 'postgres-exporter'
accepts "$private" 9100 'node-exporter'

if ((wrong > 0)); then
  fail "$wrong wrong on "'postgres'
fi
say "all is well on "'postgres'
