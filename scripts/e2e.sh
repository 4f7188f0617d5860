#!/bin/bash
# Runs the stacks of examples/ for real, on a Docker of their own in network namespaces of their own (scripts/e2e/world.sh draws them).
# Every frame on the uplink is captured. Ends with a table.
#
# Environment: E2E_STATE (a folder that keeps the images for the next run; else a temporary one), E2E_STACKS (which; else all),
#              E2E_IMAGE (an image that is in E2E_STATE already, and is not built).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
e2e=$root/scripts/e2e
. "$e2e/table.sh"
. "$e2e/world.sh"
. "$e2e/engine.sh"
[ "$(id -u)" = 0 ] || die "must be run by root (it starts a Docker daemon)"

scratch=$(mktemp -d /tmp/culvert-e2e.XXXXXX)
state=${E2E_STATE:-$scratch/state}
mkdir -p "$state"
cleanup() {
    status=$?
    trap - EXIT INT TERM
    stop_docker
    leave_world
    rm -rf "$scratch"
    exit "$status"
}
trap cleanup EXIT
trap 'echo "e2e: ${BASH_SOURCE[0]}:$LINENO: $BASH_COMMAND" >&2' ERR
trap 'exit 130' INT
trap 'exit 143' TERM

say "Images"
export CULVERT_IMAGE=${E2E_IMAGE:-culvert:e2e} COMPOSE_PROJECT_NAME=culvert-e2e
[ -n "${E2E_IMAGE-}" ] || build_image $CULVERT_IMAGE
make_world
start_docker
export WEB_PORT=8080 LOCAL_NETWORK=172.16.0.0/12
for stack in ${E2E_STACKS:-control run sidecar split-tunnel gateway-ocserv server wireguard-go nfs-bridge nas-bridge relay dmz hub-failover double-vpn kubernetes}; do
    . "$e2e/stacks/$stack.sh"
done
for rows in "${later[@]}"; do $rows; done

say "Result"
print_table
exit $failed
