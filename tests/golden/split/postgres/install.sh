#!/usr/bin/env bash
# Puts the systemd units of this folder in place. Run as root; what is right already is left as it is.
set -euo pipefail
export LC_ALL=C
HERE=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
cd -- "$HERE"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

[[ $(id -u) == 0 ]] || fail "run it as root"
[[ $HERE =~ ^[A-Za-z0-9/_.-]+$ ]] || fail "put this folder at a path without spaces and special characters, not $HERE"

readonly SYSTEMD=${SYSTEMD_FOLDER:-/etc/systemd/system}

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

[[ -f .env ]] || fail "there is no .env: copy .env.example and fill it in"
address=$(env_value 'STORAGE_ADDRESS')
[[ $address =~ ^[A-Za-z0-9.:-]+$ ]] || fail 'STORAGE_ADDRESS'" in .env is not the address of the storage server: '$address'"
[[ $address != *:* ]] || address="[$address]"
command -v mount.nfs >/dev/null || fail "NFS cannot be mounted here: install nfs-common (Debian, Ubuntu) or nfs-utils"

changed=false
put() {
  local target=$SYSTEMD/$1
  mkdir --parents -- "${target%/*}"
  sed "s|@STORAGE_ADDRESS@|$address|g; s|"'/opt/chatty/postgres'"|$HERE|g" "systemd/$1" >"$target.new"
  chmod 0644 -- "$target.new"
  if cmp --quiet -- "$target.new" "$target"; then
    rm -f -- "$target.new"
  else
    mv -- "$target.new" "$target"
    changed=true
    say "wrote $target"
  fi
}
put 'mnt-storage-rag\x2ddata.mount'
put 'docker.service.d/chatty-storage.conf'
put 'chatty-postgres.service'
put 'chatty-postgres-backup.service'
put 'chatty-postgres-backup.timer'
if $changed; then
  systemctl daemon-reload
fi
systemctl enable --now 'mnt-storage-rag\x2ddata.mount'
systemctl enable --now 'chatty-postgres-backup.timer'
systemctl enable 'chatty-postgres.service'
say "the units are in place"
