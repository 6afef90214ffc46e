#!/usr/bin/env bash
# Brings a service to the image, settings and secrets of the files here, one instance at a time.
#
#   update.sh SERVICE
#
# It stops at the first instance that does not become healthy; the others then still run as before.
set -euo pipefail
export LC_ALL=C
HERE=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd -P)
cd -- "$HERE"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

case ${1-} in
  'prometheus') units=('prometheus') seconds=280 ;;
  'grafana') units=('grafana') seconds=280 ;;
  'alertmanager') units=('alertmanager') seconds=250 ;;
  'node-exporter') units=('node-exporter') seconds=230 ;;
  *) fail "usage: update.sh SERVICE, where SERVICE is one of:"" "'prometheus'" "'grafana'" "'alertmanager'" "'node-exporter' ;;
esac
[[ -z ${2-} ]] || fail "one service at a time"

# Backup, restore and update of one server exclude each other.
exec 9<"$HERE"
flock --nonblock 9 || fail "another backup, restore or update is at work in $HERE; wait until it has ended"

docker compose config --quiet
docker compose pull --quiet "${units[@]}"
updated=none
for unit in "${units[@]}"; do
  say "replacing $unit"
  # Compose sees a new image or setting, but not that a file changed that the container reads: hence --force-recreate.
  if ! docker compose up --detach --no-deps --force-recreate --wait --wait-timeout "$seconds" "$unit"; then
    docker compose logs --tail 20 "$unit" >&2 || true
    fail "$unit is not healthy. Replaced before: $updated. To go back, set the old image in .env and run this again"
  fi
  if [[ $updated == none ]]; then updated=$unit; else updated+=" $unit"; fi
done
say "$1 is up to date: $updated"
