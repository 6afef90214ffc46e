#!/usr/bin/env bash
# Prepares this server for Gateway and API. Run as root before the first start, and again after every change of .env
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

at_least() { printf '%s\n%s\n' "$1" "$2" | sort --version-sort --check=quiet; }
version=$(docker compose version --short 2>/dev/null) || version=0
at_least '2.30.0' "${version#v}" ||
  problem "Docker Compose 2.30.0 or later is needed, and $version is here (0: none)"
version=$(docker version --format '{{ .Server.Version }}' 2>/dev/null) || version=0
at_least '25.0.0' "$version" ||
  problem "Docker Engine 25.0.0 or later is needed, and $version is here (0: it does not answer)"
variables=('API_IMAGE' 'MILVUS_HOST' 'POSTGRES_HOST' 'PRIVATE_ADDRESS')
if [[ -f .env ]]; then
  for name in "${variables[@]}"; do
    [[ -n $(env_value "$name") ]] || problem "$name is not set in .env"
  done
else
  problem "there is no .env: copy .env.example and fill it in"
fi
secrets=('milvus-root-password' 'postgres-password' 'tls-certificate' 'tls-key')
for name in "${secrets[@]}"; do
  [[ -f secrets/$name && -s secrets/$name ]] || problem "there is no secret secrets/$name, or it is empty"
done
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
(umask 022 && mkdir --parents -- '/var/lib/node_exporter/textfile_collector')
# Services with users of their own read these; nothing in them is secret.
chmod --recursive u=rwX,go=rX -- 'nginx'
chmod 0600 -- .env
chmod 0700 secrets
changed=()
# Puts what comes in at a path that its owner alone may read: Compose mounts secret files as they are, so that owner and
# mode on this server count in the container.
place() {
  mkdir --parents -- "${1%/*}"
  rm -f -- "$1.new"
  cat >"$1.new"
  chmod 0400 -- "$1.new"
  chown -- "$2" "$1.new"
  if cmp --quiet -- "$1.new" "$1" && [[ $(stat --format=%a:%u:%g -- "$1") == "$(stat --format=%a:%u:%g -- "$1.new")" ]]; then
    rm -f -- "$1.new"
  else
    mv --no-target-directory -- "$1.new" "$1"
    changed+=("$1")
  fi
}
place 'secrets/api/milvus-root-password' '10001:10001' <'secrets/milvus-root-password'
place 'secrets/api/postgres-password' '10001:10001' <'secrets/postgres-password'
place 'secrets/nginx/tls-certificate' '101:101' <'secrets/tls-certificate'
place 'secrets/nginx/tls-key' '101:101' <'secrets/tls-key'

for path in "${changed[@]}"; do
  say "wrote $path"
done
docker compose config --quiet
say 'api'" is prepared"
