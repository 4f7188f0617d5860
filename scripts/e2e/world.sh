# Part of e2e.sh: the networks, and in them what is not under test.
#
#   containers --- docker bridges --- [ host ] 198.51.100.2 --- uplink --- 198.51.100.1 [ world ] --- 203.0.113.x/30 --- [ a place ]
#
# The world has a provider's VPN server (wireguard-go, 10.66.0.1) and a web site, 203.0.113.80, and routes between host and places.
host=culvert-e2e-host
world=culvert-e2e-world
site=203.0.113.80
exit_address=10.66.0.2 # as which the web site sees clients of the provider
# The host's answer to whoever still calls a container that is gone, at a published port or where it called from: about the encrypted
# packet alone.
refused_calls="(icmp[0] = 3 and (icmp[28:2] = 51820 or icmp[30:2] = 51820))"

within_namespace() { ip netns exec "culvert-e2e-$1" "${@:2}"; }

# A private key by that name, made once.
key() { [ -f "$scratch/keys/$1" ] || (umask 077 && mkdir -p "$scratch/keys" && wg genkey >"$scratch/keys/$1"); cat "$scratch/keys/$1"; }
public() { key "$1" | wg pubkey; }

# A namespace with a way to the world: place NAME NUMBER makes culvert-e2e-NAME with 203.0.113.(4 NUMBER + 2).
place() {
    local namespace=culvert-e2e-$1 first=$((4 * $2))
    [ -e "/run/netns/$namespace" ] || ip netns add "$namespace"
    ip -n "$namespace" link set lo up
    ip link add uplink netns "$namespace" type veth peer name "to-$1" netns $world
    ip -n $world address add "203.0.113.$((first + 1))/30" dev "to-$1"
    ip -n "$namespace" address add "203.0.113.$((first + 2))/30" dev uplink
    ip -n $world link set "to-$1" up
    ip -n "$namespace" link set uplink up
    ip -n "$namespace" route add default via "203.0.113.$((first + 1))"
}
leave() { # places, by name
    local name
    for name; do
        ip netns pids "culvert-e2e-$name" | xargs -r kill
        ip netns del "culvert-e2e-$name"
    done
}

# wireguard-go in a namespace: the link, its address, and what else `wg set` is to be told.
wireguard() { # place, link, address, key, arguments of wg set...
    local namespace=culvert-e2e-$1 link=$2 address=$3 name=$4
    key "$name" >/dev/null
    WG_PROCESS_FOREGROUND=1 ip netns exec "$namespace" wireguard-go -f "$link" >>"$scratch/wireguard-go.log" 2>&1 &
    within 10 test -S "/var/run/wireguard/$link.sock"
    wg set "$link" private-key "$scratch/keys/$name" "${@:5}"
    ip -n "$namespace" address add "$address" dev "$link"
    ip -n "$namespace" link set "$link" up
}

# A client by the file that a server made for it, with its private key put in; the addresses go by the tunnel.
wireguard_client() { # place, link, file, key, addresses...
    local address
    address=$(sed -n 's,^Address *= *\([^/ ]*\).*,\1,p' "$3")
    wireguard "$1" "$2" "$address/32" "$4"
    sed "s,^PrivateKey.*,PrivateKey = $(key "$4")," "$3" >"$scratch/$2.conf"
    grep -q ^PrivateKey "$scratch/$2.conf" || sed -i "/^\[Interface\]/aPrivateKey = $(key "$4")" "$scratch/$2.conf"
    wg setconf "$2" <(wg-quick strip "$scratch/$2.conf")
    for address in "${@:5}"; do ip -n "culvert-e2e-$1" route add "$address" dev "$2"; done
}
pings() { within_namespace "$1" ping -q -c 1 -W "${3:-3}" "$2"; } # place, address

# Tells its caller the caller's address.
web() { # place, port
    ip netns exec "culvert-e2e-$1" python3 "$e2e/web.py" "$2" &
    within 10 ip netns exec "culvert-e2e-$1" python3 -c "import socket; socket.create_connection(('127.0.0.1', $2), 1)" 2>/dev/null
}
fetch() { echo "import urllib.request as u; print(u.urlopen('http://$1/', timeout=${2:-5}).read().decode())"; }
seen_from() { within_namespace "$1" python3 -c "$(fetch "$2" "${3:-5}")"; } # place, address
seen_as() { same "$1" "$(seen_from "$2" "$3")"; } # address, from, to

make_world() {
    leave_world
    ip netns add $host
    ip netns add $world
    for namespace in $host $world; do ip -n $namespace link set lo up; done
    ip link add uplink netns $host type veth peer name uplink netns $world
    ip -n $host address add 198.51.100.2/24 dev uplink
    ip -n $world address add 198.51.100.1/24 dev uplink
    ip -n $world address add $site/32 dev lo
    for namespace in $host $world; do ip -n $namespace link set uplink up; done
    ip -n $host route add default via 198.51.100.1
    ip netns exec $world sysctl -qw net.ipv4.ip_forward=1
    wireguard world cve2e0 10.66.0.1/24 server listen-port 51820 peer "$(public client)" allowed-ips $exit_address/32
    web world 80
}

# What a provider gives to its customers.
provider_file() {
    cat <<CONF
[Interface]
PrivateKey = $(key client)
Address = $exit_address/32
[Peer]
PublicKey = $(public server)
AllowedIPs = 0.0.0.0/0
Endpoint = 198.51.100.1:51820
PersistentKeepalive = 25
CONF
}

# Frames on the uplink that are neither the tunnel's nor neighbours' questions and reports (behind a hop-by-hop header), nor what the stack may send (a filter of tcpdump).
capture() {
    ip netns exec $world tcpdump -i uplink -n -U -w "$scratch/uplink.pcap" \
        "not arp and not icmp6 and not (ip6 proto 0 and ip6[40] = 58) and not (${1:-udp port 51820 or $refused_calls})" 2>"$scratch/tcpdump.log" &
    tcpdump_pid=$!
    within 10 grep -q listening "$scratch/tcpdump.log"
}
no_stray_frames() {
    sleep 1
    kill $tcpdump_pid && wait $tcpdump_pid 2>/dev/null || true
    local frames
    frames=$(tcpdump -n -r "$scratch/uplink.pcap" 2>/dev/null)
    [ -z "$frames" ] || { echo "$frames" | head -5; return 1; }
}

# Also what a run that was killed has left.
leave_world() {
    local namespace
    for namespace in $(ip netns list | grep -o '^culvert-e2e-[^ ]*'); do
        ip netns pids "$namespace" | xargs -r kill 2>/dev/null || true
        ip netns del "$namespace"
    done
}
