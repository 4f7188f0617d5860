#!/bin/bash
# Two culverts, one at each end of a virtual cable: handshake, ping, TCP both ways, and what was dropped. Then one of them as a
# sidecar with a kill switch, which is killed while a program sends.
# Everything happens in two network namespaces that are removed at the end, also after Ctrl-C or a failure.
#
# Environment: CULVERT (the program to show; dist/culvert/bin/culvert), DEMO_SECONDS (length of each TCP run; 3).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
culvert=${CULVERT:-$root/dist/culvert/bin/culvert}
seconds=${DEMO_SECONDS:-3}
warmup=2

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' off=$'\e[0m'; else bold='' dim='' green='' red='' off=''; fi
step() { printf '%s>%s %s\n' "$green$bold" "$off" "$*"; }
die() { printf '%sdemo: %s%s\n' "$red" "$*" "$off" >&2; exit 1; }

[ "$(id -u)" = 0 ] || die "network namespaces and TUN devices need root: sudo make demo"
[ -c /dev/net/tun ] || die "there is no /dev/net/tun (modprobe tun; in a container: --device /dev/net/tun)"
[ -x "$culvert" ] || command -v "$culvert" >/dev/null || die "there is no $culvert: make build"
for program in ip wg ping iperf3 perl nft tcpdump; do
    command -v "$program" >/dev/null || die "no $program found: apt-get install iproute2 wireguard-tools iputils-ping iperf3 perl-base nftables tcpdump"
done

# Each interface needs a name of its own: the sockets of all namespaces share one folder, /var/run/wireguard.
declare -A ns=([left]=culvert-demo-$$-left [right]=culvert-demo-$$-right)
declare -A wg=([left]=left$$ [right]=right$$)
declare -A tunnel=([left]=10.66.0.1 [right]=10.66.0.2)
declare -A cable=([left]=192.168.66.1 [right]=192.168.66.2)
scratch=$(mktemp -d /tmp/culvert-demo.XXXXXX)

cleanup() {
    status=$?
    trap - EXIT INT TERM
    for side in left right; do
        ip netns list | grep -q "^${ns[$side]}\b" || continue
        # A tunnel ends when its interface is deleted; whatever is left in our namespaces goes with them.
        ip -n "${ns[$side]}" link delete "${wg[$side]}" 2>/dev/null || true
        for _ in $(seq 30); do
            [ -n "$(ip netns pids "${ns[$side]}")" ] || break
            sleep 0.1
        done
        ip netns pids "${ns[$side]}" | xargs -r kill -9 2>/dev/null || true
        ip netns delete "${ns[$side]}"
    done
    case $status in
        0) ;;
        130 | 143) printf '%sStopped.%s Tunnels and namespaces are removed.\n' "$bold" "$off" >&2 ;;
        *)
            cat "$scratch"/*.log >&2 2>/dev/null || true
            printf '%sThe demo did not finish.%s Tunnels and namespaces are removed.\n' "$red" "$off" >&2
            ;;
    esac
    rm -rf "$scratch"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

at() { ip netns exec "${ns[$1]}" "${@:2}"; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }

step "Two network namespaces, left and right, with a virtual cable between them (${cable[left]} - ${cable[right]})"
ip netns add "${ns[left]}"
ip netns add "${ns[right]}"
ip link add cable netns "${ns[left]}" type veth peer name cable netns "${ns[right]}"
for side in left right; do
    ip -n "${ns[$side]}" link set lo up
    ip -n "${ns[$side]}" address add "${cable[$side]}/24" dev cable
    ip -n "${ns[$side]}" link set cable up
done

declare -A started
for side in left right; do
    step "culvert ${wg[$side]}: starts the tunnel on the $side and returns once wg can configure it"
    before=$(now_ms)
    at "$side" "$culvert" "${wg[$side]}" >"$scratch/$side.log" 2>&1 || die "culvert did not start on the $side"
    started[$side]=$(($(now_ms) - before))
done

step "wg set: a key pair for each side, and each is told the other's public key, endpoint and allowed IPs"
for side in left right; do
    (umask 077 && wg genkey >"$scratch/$side.key")
done
configure() { # side, other side
    at "$1" wg set "${wg[$1]}" private-key "$scratch/$1.key" listen-port 51820 \
        peer "$(wg pubkey <"$scratch/$2.key")" endpoint "${cable[$2]}:51820" allowed-ips "${tunnel[$2]}/32"
    ip -n "${ns[$1]}" address add "${tunnel[$1]}/24" dev "${wg[$1]}"
    ip -n "${ns[$1]}" link set "${wg[$1]}" up
}
configure left right
configure right left
# A program in user space hears of "up" a moment later than the one who set it: its port tells.
for side in left right; do
    for _ in $(seq 50); do
        [ -z "$(at "$side" ss -ulnH 'sport = :51820')" ] || break
        sleep 0.1
    done
done

step "ping ${tunnel[right]}: the first packet waits for the handshake, then 50 more"
first=$(at left ping -n -c 1 -W 10 "${tunnel[right]}" | sed -n 's/.* time=\([0-9.]*\) ms.*/\1/p')
[ -n "$first" ] || die "no answer through the tunnel"
read -r fastest average < <(at left ping -n -q -c 50 -i 0.02 -W 2 "${tunnel[right]}" \
    | sed -n 's|^rtt.*= \([0-9.]*\)/\([0-9.]*\)/.*|\1 \2|p') || die "no answer through the tunnel"
at left wg show "${wg[left]}" latest-handshakes | grep -qv '[[:space:]]0$' || die "wg knows of no handshake"

step "iperf3: TCP through the tunnel, $seconds s in each direction, each after $warmup s that do not count (the JVM compiles)"
at right iperf3 --server --forceflush --bind "${tunnel[right]}" >"$scratch/iperf3.log" 2>&1 &
for _ in $(seq 50); do
    grep -q listening "$scratch/iperf3.log" 2>/dev/null && break
    sleep 0.1
done
gigabits() { # extra arguments; the receiver's figure counts: what arrived
    at left timeout $((seconds + 20)) iperf3 --client "${tunnel[right]}" --omit $warmup --time "$seconds" --format m "$@" \
        | awk '/receiver/ { for (i = 2; i <= NF; i++) if ($i == "Mbits/sec") printf "%.2f", $(i - 1) / 1000 }'
}
there=$(gigabits)
back=$(gigabits --reverse)
[ -n "$there" ] && [ -n "$back" ] || die "no TCP through the tunnel"

drops() { # side: "reason n, reason n", from the statistics that culvert adds to its UAPI answer (wg passes over them)
    perl -MIO::Socket::UNIX -e '
        my $socket = IO::Socket::UNIX->new(Peer => "/var/run/wireguard/$ARGV[0].sock") or die "$ARGV[0]: $!\n";
        print $socket "get=1\n\n";
        my @drops;
        while (<$socket>) {
            last if /^errno=/;
            push @drops, ($1 =~ tr/_/-/r) . " $2" if /^culvert_drop_([a-z0-9_]+)=([1-9]\d*)$/;
        }
        print join(", ", @drops) || "none";' "${wg[$1]}"
}

row() { printf '  %-28s %s%s%s\n' "$1" "$bold" "$2" "$off"; }
printf '\n'
row "start, left / right" "${started[left]} / ${started[right]} ms"
row "handshake" "$(awk -v first="$first" -v fastest="$fastest" 'BEGIN { printf "%.1f", first - fastest }') ms ${off}${dim}(first ping $first ms, less the fastest)"
row "ping, average of 50" "$average ms"
row "TCP left -> right" "$there Gbit/s"
row "TCP right -> left" "$back Gbit/s"
dropped_left=$(drops left)
dropped_right=$(drops right)
row "dropped on the left" "$dropped_left"
row "dropped on the right" "$dropped_right"
case "$dropped_left $dropped_right" in
    *no-peer*) printf '  %s%-28s(no-peer: no allowed IP matches, as for the IPv6 multicast that Linux sends on every link)%s\n' "$dim" "" "$off" ;;
esac
printf '\n'

# The kill switch. The right is the gateway of the left now, and owns an address of "the Internet".
internet=203.0.113.9
ip -n "${ns[left]}" link delete "${wg[left]}"
ip -n "${ns[left]}" route add default via "${cable[right]}"
ip -n "${ns[right]}" address add $internet/32 dev lo
config=$scratch/vpn$$.conf
(umask 077 && cat >"$config") <<EOF
[Interface]
PrivateKey = $(cat "$scratch/left.key")
Address = ${tunnel[left]}/32
[Peer]
PublicKey = $(wg pubkey <"$scratch/right.key")
AllowedIPs = 0.0.0.0/0
Endpoint = ${cable[right]}:51820
EOF

# Pings to the Internet, a thousand a second, while $1 is done; leaves in $frames how many passed the cable in the clear.
cleartext_during() {
    ip netns exec "${ns[right]}" tcpdump -i cable -n --immediate-mode -w "$scratch/frames" icmp 2>"$scratch/tcpdump" &
    local tcpdump=$!
    for _ in $(seq 50); do
        grep -q listening "$scratch/tcpdump" && break
        sleep 0.1
    done
    ip netns exec "${ns[left]}" ping -q -i 0.001 -w 2 $internet >"$scratch/ping.log" 2>&1 &
    local ping=$!
    sleep 1
    "$@"
    wait "$ping" || true
    sleep 0.3
    kill "$tcpdump"
    wait "$tcpdump" || true
    frames=$(tcpdump -n -r "$scratch/frames" 2>/dev/null | wc -l)
}

step "Without a tunnel: pings to $internet leave the left in the clear"
cleartext_during true
[ "$frames" -gt 0 ] || die "the capture does not see what leaves"
open_frames=$frames

step "culvert run: arms the kill switch, brings the tunnel up"
before=$(now_ms)
ip netns exec "${ns[left]}" "$culvert" run "$config" >"$scratch/run.log" 2>&1 &
sidecar=$!
for _ in $(seq 500); do
    grep -q ' connected$' "$scratch/run.log" && break
    kill -0 "$sidecar" 2>/dev/null || die "culvert run has ended"
    sleep 0.01
done
connected=$(($(now_ms) - before))
at left ping -q -c 3 -W 2 $internet >/dev/null || die "nothing comes through the tunnel"

step "kill -9 while the pings go on"
kill_sidecar() {
    kill -9 "$sidecar"
    wait "$sidecar" 2>/dev/null || true
}
cleartext_during kill_sidecar
killed_frames=$frames
at left ping -q -c 1 -W 1 $internet >/dev/null 2>&1 && die "the Internet is reached without a tunnel"

step "culvert disarm: opens"
at left "$culvert" disarm >/dev/null
at left ping -q -c 1 -W 2 $internet >/dev/null || die "it is still closed after disarm"

printf '\n'
row "culvert run to connected" "$connected ms"
row "frames in the clear, open" "$open_frames"
row "frames in the clear, killed" "$killed_frames"
printf '\n'
[ "$killed_frames" = 0 ] || die "$killed_frames frames left beside the tunnel"
step "Removing the tunnels and the namespaces"
