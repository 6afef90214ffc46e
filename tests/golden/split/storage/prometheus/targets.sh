#!/bin/sh
# chatty: tells Prometheus where the other servers are.
# Reads their addresses from .env and writes one file for each service on them. Run it after each change of .env.
set -eu
# Prometheus, which runs as a user of its own, must be able to read them.
umask 022
cd "$(dirname "$0")/.."

fail() {
    echo "targets.sh: $*" >&2
    exit 1
}

[ -r .env ] || fail "there is no .env in $(pwd): copy .env.example and fill it in"

# The value of a variable in .env, without quotes; the last one counts, as for Docker Compose.
value_of() {
    sed -n "s/^[[:space:]]*\(export[[:space:]][[:space:]]*\)\{0,1\}$1=//p" .env | tail -n 1 | tr -d '\r' | sed "s/^[\"']//; s/[\"'][[:space:]]*\$//"
}

# write_targets FILE STACK ADDRESSES PORT...
write_targets() {
    file=$1
    stack=$2
    addresses=$3
    shift 3
    mkdir -p "$(dirname "$file")"
    {
        echo "- labels:"
        echo "    stack: \"$stack\""
        echo "  targets:"
        for address in $addresses; do
            case $address in
            *:*) address="[$address]" ;;
            esac
            for port; do
                echo "    - \"$address:$port\""
            done
        done
    } >"$file.new"
    mv "$file.new" "$file"
    echo "targets.sh: wrote $file"
}

# addresses_of VARIABLE COUNT
addresses_of() {
    addresses=$(value_of "$1" | tr ',' ' ')
    # shellcheck disable=SC2086 # the words are the addresses
    set -- "$1" "$2" $addresses
    [ $# -gt 2 ] || fail "$1 is not set in .env"
    [ $# -eq $(($2 + 2)) ] || fail "$1 in .env has $(($# - 2)) addresses, and there are $2 servers"
    case $addresses in
    *[!A-Za-z0-9.:\ -]*) fail "$1 in .env is not an address: $addresses" ;;
    esac
}

# Milvus with its metadata and objects
addresses_of 'MILVUS_HOST' 1
write_targets 'prometheus/targets/milvus-milvus.yml' 'milvus' "$addresses" 9091
write_targets 'prometheus/targets/milvus-etcd.yml' 'milvus' "$addresses" 2381
write_targets 'prometheus/targets/milvus-minio.yml' 'milvus' "$addresses" 9000
write_targets 'prometheus/targets/milvus-node-exporter.yml' 'milvus' "$addresses" 9100

# PostgreSQL
addresses_of 'POSTGRES_HOST' 1
write_targets 'prometheus/targets/postgres-postgres-exporter.yml' 'postgres' "$addresses" 9187
write_targets 'prometheus/targets/postgres-node-exporter.yml' 'postgres' "$addresses" 9100

# Gateway and API
addresses_of 'API_HOSTS' 2
write_targets 'prometheus/targets/api-api.yml' 'api' "$addresses" 8000 8001 8002 8003
write_targets 'prometheus/targets/api-node-exporter.yml' 'api' "$addresses" 9100
