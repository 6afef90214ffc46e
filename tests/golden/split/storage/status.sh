#!/usr/bin/env bash
# How NFS storage and monitoring is. Ends with 1 when something is wrong.
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
  units=('prometheus' 'grafana' 'alertmanager' 'node-exporter')
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
disk '/export/rag-data'
disk '/export/rag-data/grafana'
disk '/export/rag-data/prometheus'

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

say "Endpoints"
accepts() {
  # shellcheck disable=SC2016 # the inner shell expands them
  if timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/$2"' - "$1" "$2" 2>/dev/null; then
    good "$3 accepts connections on $1:$2"
  else
    bad "$3 accepts no connections on $1:$2"
  fi
}
accepts 127.0.0.1 9090 'prometheus'
accepts 127.0.0.1 3001 'grafana'
accepts 127.0.0.1 9093 'alertmanager'

if ((wrong > 0)); then
  fail "$wrong wrong on "'storage'
fi
say "all is well on "'storage'
