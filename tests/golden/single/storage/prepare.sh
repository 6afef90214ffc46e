#!/usr/bin/env bash
# Prepares this server for NFS storage; the export is the server's own, no container. Run as root before the first start, and again after every change of .env
# or of a secret; what is right already is left as it is.
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
[[ $(id -u) == 0 ]] || fail "run it as root: it sets owners"

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

problems=0
problem() {
  printf 'error: %s\n' "$*" >&2
  problems=$((problems + 1))
}
variables=('STORAGE_CLIENTS')
if [[ -f .env ]]; then
  for name in "${variables[@]}"; do
    [[ -n $(env_value "$name") ]] || problem "$name is not set in .env"
  done
else
  problem "there is no .env: copy .env.example and fill it in"
fi
((problems == 0)) || fail "$problems to be mended; nothing was changed"

# A folder with its numeric owner (empty: as it is).
folder() {
  if [[ ! -d $1 ]]; then
    (umask 022 && mkdir --parents -- "$1")
    chmod 0750 -- "$1"
    say "made $1"
  fi
  if [[ -n $2 && $(stat --format=%u:%g -- "$1") != "$2" ]]; then
    chown -- "$2" "$1"
    say "gave $1 to $2"
  fi
}
chmod 0600 -- .env
say 'storage'" is prepared"
