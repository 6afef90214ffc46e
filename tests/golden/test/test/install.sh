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

address=

changed=false
put() {
  local target=$SYSTEMD/$1
  mkdir --parents -- "${target%/*}"
  sed "s|@STORAGE_ADDRESS@|$address|g; s|"'/opt/chatty/test'"|$HERE|g" "systemd/$1" >"$target.new"
  chmod 0644 -- "$target.new"
  if cmp --quiet -- "$target.new" "$target"; then
    rm -f -- "$target.new"
  else
    mv -- "$target.new" "$target"
    changed=true
    say "wrote $target"
  fi
}
put 'chatty-test.service'
put 'chatty-test-backup.service'
put 'chatty-test-backup.timer'
if $changed; then
  systemctl daemon-reload
fi
systemctl enable --now 'chatty-test-backup.timer'
systemctl enable 'chatty-test.service'
say "the units are in place"
