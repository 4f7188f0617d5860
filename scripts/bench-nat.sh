#!/bin/bash
# Throughput of a client that a gateway forwards, with address translation and without (the peer takes the client's address), in
# turn: TCP upload, 1 and 4 streams, both warmed alike. Everything happens in network namespaces that are removed at the end.
#
# Environment: CULVERT (dist/culvert/bin/culvert), BENCH_ROUNDS (pairs; 3), BENCH_SECONDS (of each transfer; 3).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
culvert=${CULVERT:-$root/dist/culvert/bin/culvert}
rounds=${BENCH_ROUNDS:-3}
seconds=${BENCH_SECONDS:-3}
id=bn$$
scratch=$(mktemp -d /tmp/culvert-bench-nat.XXXXXX)
variants="with without"

die() { printf 'bench-nat: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "network namespaces and TUN devices need root"
[ -x "$culvert" ] || die "there is no $culvert: make build"
for tool in ip wg iperf3 python3; do command -v $tool >/dev/null || die "$tool is missing"; done

namespace() { echo "$id-$1-$2"; }
cleanup() {
    for variant in $variants; do
        for place in client gateway peer; do
            ip netns pids "$(namespace $place $variant)" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
            ip netns del "$(namespace $place $variant)" 2>/dev/null || true
        done
        rm -f "/var/run/wireguard/$(link peer $variant).sock" "/var/run/wireguard/$(link gateway $variant).sock"
    done
    rm -rf "$scratch"
}
link() { echo "$id${1:0:1}${2: -1}"; }
trap cleanup EXIT

cable() { # NAMESPACE ADDRESS NAMESPACE ADDRESS NAME
    ip link add "$5" netns "$1" type veth peer name "$5" netns "$3"
    ip -n "$1" address add "$2" dev "$5"; ip -n "$3" address add "$4" dev "$5"
    ip -n "$1" link set "$5" up; ip -n "$3" link set "$5" up
}

start() { # VARIANT
    local client gateway peer key
    client=$(namespace client "$1") gateway=$(namespace gateway "$1") peer=$(namespace peer "$1")
    for place in "$client" "$gateway" "$peer"; do ip netns add "$place"; ip -n "$place" link set lo up; done
    cable "$client" 172.28.0.2/24 "$gateway" 172.28.0.1/24 down0
    cable "$gateway" 192.0.2.1/24 "$peer" 192.0.2.2/24 up0
    ip -n "$client" link set down0 mtu 1420; ip -n "$gateway" link set down0 mtu 1420
    ip -n "$client" route add default via 172.28.0.1
    ip -n "$gateway" route add default via 192.0.2.2
    (umask 077; wg genkey > "$scratch/gateway-$1"; wg genkey > "$scratch/peer-$1")
    local allowed=10.99.0.2/32 forward=FORWARD_FROM=172.28.0.0/24
    if [ "$1" = without ]; then
        allowed=10.99.0.2/32,172.28.0.0/24 forward=FORWARD_FROM=
        ip netns exec "$gateway" sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
    fi
    ip netns exec "$peer" "$culvert" "$(link peer "$1")"
    wg set "$(link peer "$1")" private-key "$scratch/peer-$1" listen-port 51820 peer "$(wg pubkey < "$scratch/gateway-$1")" allowed-ips $allowed
    ip -n "$peer" address add 10.99.0.1/24 dev "$(link peer "$1")"
    ip -n "$peer" link set "$(link peer "$1")" mtu 1420 up
    ip -n "$peer" route add 172.28.0.0/24 dev "$(link peer "$1")"
    key=$(cat "$scratch/gateway-$1")
    (umask 077; cat > "$scratch/$(link gateway "$1").conf") <<CONF
[Interface]
PrivateKey = $key
Address = 10.99.0.2/32
MTU = 1420
[Peer]
PublicKey = $(wg pubkey < "$scratch/peer-$1")
AllowedIPs = 10.99.0.0/24
Endpoint = 192.0.2.2:51820
CONF
    ip netns exec "$gateway" env KILLSWITCH=off METRICS_ADDR=off "CULVERT_RUN_DIR=$scratch/run-$1" $forward \
        "$culvert" run "$scratch/$(link gateway "$1").conf" > "$scratch/log-$1" 2>&1 &
    ip netns exec "$peer" iperf3 -s > /dev/null 2>&1 &
    disown -a # killed at the end, which the shell need not tell
    for _ in $(seq 100); do grep -q ' connected' "$scratch/log-$1" && break; sleep 0.1; done
    grep -q ' connected' "$scratch/log-$1" || { cat "$scratch/log-$1"; die "no tunnel"; }
    # As culvert does where it forwards.
    ip -n "$gateway" link set "$(link gateway "$1")" gso_max_size 65536
}

transfer() { # VARIANT STREAMS SECONDS
    ip netns exec "$(namespace client "$1")" iperf3 -c 10.99.0.1 -P "$2" -t "$3" -J |
        python3 -c 'import json, sys; print("%.2f" % (json.load(sys.stdin)["end"]["sum_received"]["bits_per_second"] / 1e9))'
}

for variant in $variants; do start $variant; done
for _ in 1 2; do for variant in $variants; do transfer $variant 4 3 > /dev/null; transfer $variant 1 2 > /dev/null; done; done
for round in $(seq "$rounds"); do
    order=$variants
    [ $((round % 2)) = 1 ] || order="without with"
    for streams in 1 4; do for variant in $order; do echo "$streams $variant $(transfer $variant $streams "$seconds")"; done; done
done | tee "$scratch/rounds"
python3 - "$scratch/rounds" <<'REPORT'
import statistics, sys
seen = {}
for line in open(sys.argv[1]):
    streams, variant, gbits = line.split()
    seen.setdefault(streams, {}).setdefault(variant, []).append(float(gbits))
for streams, by in seen.items():
    median = {variant: statistics.median(values) for variant, values in by.items()}
    print(f"{streams} streams, {len(by['with'])} pairs, medians in Gbit/s: {median['with']:.2f} with translation,"
          f" {median['without']:.2f} without: {100 * median['with'] / median['without']:.0f} %")
REPORT
