#!/bin/bash
# Runs the stacks of examples/ for real: Docker with its bridge, NAT and published ports in a network namespace of its own, and beyond its
# uplink an "Internet" with a VPN server (wireguard-go) and a web server. Every frame on the uplink is captured. Ends with a table.
#
# Environment: E2E_STATE (a folder that keeps the images for the next run; else a temporary one).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
say() { printf '\n== %s\n' "$*"; }
die() { printf 'e2e: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "must be run by root (it starts a Docker daemon)"

scratch=$(mktemp -d /tmp/culvert-e2e.XXXXXX)
state=${E2E_STATE:-$scratch/state}
host=culvert-e2e-host
world=culvert-e2e-world
tag=culvert:e2e
results=()
failed=0
daemon=
compose_folder=

cleanup() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$daemon" ]; then
        docker ps -aq | xargs -r docker rm -f >/dev/null 2>&1 || true
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    for namespace in $world $host; do
        ip netns pids $namespace 2>/dev/null | xargs -r kill 2>/dev/null || true
        ip netns del $namespace 2>/dev/null || true
    done
    rm -rf "$scratch"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A line of the table: whether the command succeeds.
check() { # stack, what, command...
    local stack=$1 what=$2 seconds=$SECONDS
    shift 2
    if "$@" >"$scratch/out" 2>&1; then
        results+=("ok|$stack|$what|$((SECONDS - seconds)) s")
        printf 'ok      %-14s %s\n' "$stack" "$what"
    else
        results+=("FAILED|$stack|$what|$((SECONDS - seconds)) s")
        failed=1
        printf 'FAILED  %-14s %s\n' "$stack" "$what"
        tail -n 15 "$scratch/out" | sed 's/^/        /'
    fi
}
not() { ! "$@"; }

say "Images"
mkdir -p "$state"
IMAGE_TAG=$tag IMAGE_OUT='' IMAGE_STATE=$state "$root/scripts/image-offline.sh" >"$scratch/image.log" 2>&1 \
    || { tail -n 30 "$scratch/image.log"; die "the image was not built"; }
tail -n 3 "$scratch/image.log"

say "Networks"
#  containers --- docker bridges --- [ host ] 198.51.100.2 --- uplink --- 198.51.100.1 [ world: VPN server, web server ]
ip netns add $host
ip netns add $world
for namespace in $host $world; do ip -n $namespace link set lo up; done
ip link add uplink netns $host type veth peer name uplink netns $world
ip -n $host address add 198.51.100.2/24 dev uplink
ip -n $world address add 198.51.100.1/24 dev uplink
for namespace in $host $world; do ip -n $namespace link set uplink up; done
ip -n $host route add default via 198.51.100.1

umask 077
wg genkey >"$scratch/server.key"
wg genkey >"$scratch/client.key"
umask 022
WG_PROCESS_FOREGROUND=1 ip netns exec $world wireguard-go -f cve2e0 >"$scratch/server.log" 2>&1 &
for _ in $(seq 100); do [ -S /var/run/wireguard/cve2e0.sock ] && break; sleep 0.1; done
wg set cve2e0 private-key "$scratch/server.key" listen-port 51820 peer "$(wg pubkey <"$scratch/client.key")" allowed-ips 10.66.0.2/32
ip -n $world address add 10.66.0.1/24 dev cve2e0
ip -n $world link set cve2e0 up
# The web server tells its caller the caller's address.
cat >"$scratch/web.py" <<'PYTHON'
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(self.client_address[0].encode())
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("", 80), Handler).serve_forever()
PYTHON
ip netns exec $world python3 "$scratch/web.py" &
write_config() {
    cat >"$1" <<CONF
[Interface]
PrivateKey = $(cat "$scratch/client.key")
Address = 10.66.0.2/32
[Peer]
PublicKey = $(wg pubkey <"$scratch/server.key")
AllowedIPs = 0.0.0.0/0
Endpoint = 198.51.100.1:51820
PersistentKeepalive = 25
CONF
    chmod 644 "$1"
}

ip netns exec $host unshare --mount -- sh -c 'mount -t sysfs none /sys 2>/dev/null; mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null; exec "$@"' sh \
    dockerd --data-root "$state/data" --exec-root "$scratch/exec" --pidfile "$scratch/pid" \
    -H "unix://$scratch/docker.sock" --userland-proxy=false >"$scratch/dockerd.log" 2>&1 &
daemon=$!
export DOCKER_HOST="unix://$scratch/docker.sock" COMPOSE_PROJECT_NAME=culvert-e2e CULVERT_IMAGE=$tag APP_IMAGE=culvert-e2e-app
unset DOCKER_CONTEXT
for _ in $(seq 60); do
    docker version >/dev/null 2>&1 && break
    kill -0 "$daemon" 2>/dev/null || { tail -n 5 "$scratch/dockerd.log"; die "the Docker daemon ended at once"; }
    sleep 0.5
done
if ! docker image inspect $APP_IMAGE >/dev/null 2>&1; then
    mmdebstrap --quiet --variant=minbase --include=python3,iproute2 bookworm "$scratch/app.tar"
    docker import "$scratch/app.tar" $APP_IMAGE >/dev/null
    rm "$scratch/app.tar"
fi

# Frames on the uplink that are neither the tunnel's nor ARP.
capture() {
    ip netns exec $world tcpdump -i uplink -n -U -w "$scratch/uplink.pcap" 'not arp and not (udp port 51820) and not icmp6' 2>/dev/null &
    tcpdump_pid=$!
    sleep 1
}
no_stray_frames() {
    sleep 1
    kill $tcpdump_pid && wait $tcpdump_pid 2>/dev/null || true
    local frames
    frames=$(tcpdump -n -r "$scratch/uplink.pcap" 2>/dev/null)
    [ -z "$frames" ] || { echo "$frames" | head -5; return 1; }
}
compose() { (cd "$compose_folder" && docker-compose "$@"); }
in_app() { compose exec -T app python3 -c "$1"; }
fetch() { echo "import urllib.request as u; print(u.urlopen('http://$1/', timeout=$2).read().decode())"; }
exits_by_tunnel() { [ "$(in_app "$(fetch 10.66.0.1 5)")" = 10.66.0.2 ] && [ "$(in_app "$(fetch 198.51.100.1 5)")" = 10.66.0.2 ]; }
up_and_healthy() { compose up -d && [ "$(docker inspect --format '{{.State.Health.Status}}' "$(compose ps -q vpn)")" = healthy ]; }
published_port_answers() { ip netns exec $host python3 -c "import urllib.request as u; u.urlopen('http://198.51.100.2:$WEB_PORT/', timeout=5)"; }
start_stack() { # folder
    compose_folder=$scratch/$1
    cp -R "$root/examples/$1" "$compose_folder"
    [ ! -d "$compose_folder/config" ] || write_config "$compose_folder/config/wg0.conf"
}
export WEB_PORT=8080 LOCAL_NETWORK=172.16.0.0/12

say "control"
capture
docker run --rm $APP_IMAGE python3 -c "$(fetch 198.51.100.1 5)" >/dev/null
check control "a container without a VPN is seen on the uplink" not no_stray_frames

say "sidecar"
start_stack sidecar
capture
check sidecar "docker-compose up: healthy" up_and_healthy
check sidecar "traffic exits by the tunnel" exits_by_tunnel
check sidecar "the published port answers" published_port_answers
check sidecar "no frame beside the tunnel" no_stray_frames
capture
app=$(compose ps -q app)
vpn=$(compose ps -q vpn)
docker update --restart=no "$vpn" >/dev/null
docker kill --signal KILL "$vpn" >/dev/null
# The container of the program keeps the network namespace, with the rules in it.
check sidecar "kill -9: the program reaches nothing" not docker exec "$app" python3 -c "$(fetch 198.51.100.1 3)"
check sidecar "kill -9: no frame leaves" no_stray_frames
check sidecar "docker-compose down" compose down --timeout 2

say "split-tunnel"
start_stack split-tunnel
export LOCAL_NETWORK=198.51.100.0/24
check split-tunnel "docker-compose up: healthy" up_and_healthy
check split-tunnel "the local network sees the container's own way" \
    bash -c '[ "$("$@")" = 198.51.100.2 ]' - docker exec "$(compose ps -q app)" python3 -c "$(fetch 198.51.100.1 5)"
check split-tunnel "the rest exits by the tunnel" \
    bash -c '[ "$("$@")" = 10.66.0.2 ]' - docker exec "$(compose ps -q app)" python3 -c "$(fetch 10.66.0.1 5)"
check split-tunnel "the published port answers" published_port_answers
vpn=$(compose ps -q vpn)
check split-tunnel "docker stop: under 2 s" timeout 2 docker stop --time 5 "$vpn"
check split-tunnel "docker-compose down" compose down --timeout 2

say "gateway"
start_stack gateway
capture
check gateway "docker-compose up: healthy" up_and_healthy
sleep 1
check gateway "the container behind exits by the tunnel" exits_by_tunnel
app=$(compose ps -q app)
vpn=$(compose ps -q vpn)
docker update --restart=no "$vpn" >/dev/null
docker kill --signal KILL "$vpn" >/dev/null
check gateway "kill -9: the container behind reaches nothing" not docker exec "$app" python3 -c "$(fetch 198.51.100.1 3)"
check gateway "no frame beside the tunnel" no_stray_frames
check gateway "docker-compose down" compose down --timeout 2

say "Result"
{
    echo "|stack|what|took"
    printf '%s\n' "${results[@]}"
} | column -t -s '|'
exit $failed
