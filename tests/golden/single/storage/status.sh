#!/usr/bin/env bash
# How NFS storage; the export is the server's own, no container is. Ends with 1 when something is wrong.
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
disk '/export/rag-data'

say "Export"
if systemctl is-active --quiet nfs-server.service; then
  good "the NFS server runs"
else
  bad "the NFS server does not run: systemctl status nfs-server.service"
fi
if [[ -r '/etc/exports.d/chatty.exports' ]]; then
  good '/etc/exports.d/chatty.exports'" is there"
else
  bad '/etc/exports.d/chatty.exports'" is not there: run prepare-storage.sh"
fi

if ((wrong > 0)); then
  fail "$wrong wrong on "'storage'
fi
say "all is well on "'storage'
