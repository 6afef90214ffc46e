#!/usr/bin/env bash
# How Gateway and API is. Ends with 1 when something is wrong.
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
  units=('api-1' 'api-2' 'api-3' 'api-4' 'nginx' 'node-exporter')
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
disk '/'

say "Endpoints"
answers() {
  if curl --fail --silent --show-error --insecure --max-time 5 --output /dev/null "$1"; then
    good "$1 answers"
  else
    bad "$1 does not answer"
  fi
}
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
accepts "$private" 8000 'api-1'
accepts "$private" 8001 'api-2'
accepts "$private" 8002 'api-3'
accepts "$private" 8003 'api-4'
accepts 127.0.0.1 80 'nginx'
answers 'https://127.0.0.1:443/health'
accepts "$private" 9100 'node-exporter'

if ((wrong > 0)); then
  fail "$wrong wrong on "'api'
fi
say "all is well on "'api'
