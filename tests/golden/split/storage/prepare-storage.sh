#!/usr/bin/env bash
# Makes the folders of the storage with their owners, and exports them to the other servers. Run as root, once, and again
# after every change of STORAGE_CLIENTS; what is right already is left as it is.
set -euo pipefail
export LC_ALL=C
HERE=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
cd -- "$HERE"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

[[ $(id -u) == 0 ]] || fail "run it as root: it sets owners"
[[ -f .env ]] || fail "there is no .env: copy .env.example and fill it in"

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

readonly EXPORTS_FOLDER=${EXPORTS_FOLDER:-/etc/exports.d}
readonly EXPORTS=$EXPORTS_FOLDER/'chatty'.exports
clients=$(env_value STORAGE_CLIENTS)
read -r -a addresses <<<"$clients"
[[ -n $clients ]] || fail "STORAGE_CLIENTS is empty in .env: name the private addresses of the other servers, with spaces between"
command -v exportfs >/dev/null || fail "there is no NFS server here: install nfs-kernel-server (Debian, Ubuntu) or nfs-utils"
for client in "${addresses[@]}"; do
  [[ $client =~ ^[0-9A-Fa-f.:]+(/[0-9]+)?$ ]] || fail "STORAGE_CLIENTS: $client is not an address or network"
done

if ! mountpoint --quiet -- '/export/rag-data'; then
  say "note: "'/export/rag-data'" is no file system of its own: the data of all servers goes to the disk of the system. If it was"
  say "to be on disks of its own, stop here, mount them there by /etc/fstab, and run this again."
fi
folder '/export/rag-data' 0:0
chmod 0755 '/export/rag-data'
folder '/export/rag-data/milvus' '999:0'
folder '/export/rag-data/milvus/data' '999:0'
folder '/export/rag-data/milvus/logs' '999:0'
folder '/export/rag-data/milvus/wal' '999:0'
folder '/export/rag-data/postgres' '999:999'
folder '/export/rag-data/etcd' '10002:10002'
folder '/export/rag-data/minio' '10003:10003'
folder '/export/rag-data/backups' '0:0'
folder '/export/rag-data/backups/daily' '0:0'
folder '/export/rag-data/backups/weekly' '0:0'
folder '/export/rag-data/backups/monthly' '0:0'
folder '/export/rag-data/prometheus' '65534:65534'
folder '/export/rag-data/grafana' '472:472'

mkdir --parents -- "$EXPORTS_FOLDER"
for client in "${addresses[@]}"; do
  sed --quiet "/^#/d; s|@CLIENT@|$client|p" storage/exports
done >"$EXPORTS.new"
if cmp --quiet -- "$EXPORTS.new" "$EXPORTS"; then
  rm -f -- "$EXPORTS.new"
  say "the exports are as they should be"
else
  mv -- "$EXPORTS.new" "$EXPORTS"
  say "wrote $EXPORTS"
fi
systemctl enable --now nfs-server.service
# Always, since a run before this one may have ended between the file and this; it repeats what is so already.
exportfs -ra
say "exported to $clients"
