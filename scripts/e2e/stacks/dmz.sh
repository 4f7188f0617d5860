start_stack dmz
write_secrets gate1 gate2
export ADMIN_PUBLIC_KEY=$(public admin) DEVELOPER_PUBLIC_KEY=$(public developer) DEVELOPER_SERVER=192.168.50.30
export LAN_PUBLIC_KEY=$(public lan) LAN_ENDPOINT=203.0.113.14:51820
place admin 1
place developer 2
place lan 3
wireguard lan cve2e3 10.9.0.1/24 lan listen-port 51820 peer "$(public gate2)" allowed-ips 10.9.0.2/32,10.8.0.0/24
ip -n culvert-e2e-lan route add 10.8.0.0/24 dev cve2e3
for server in 192.168.50.20 192.168.50.30; do ip -n culvert-e2e-lan address add $server/32 dev lo; done
web lan 80
caller() { # place, link, address
    wireguard "$1" "$2" "$3/32" "$1" peer "$(public gate1)" endpoint 198.51.100.2:51820 allowed-ips 10.8.0.0/24,192.168.50.0/24
    ip -n "culvert-e2e-$1" route add 192.168.50.0/24 dev "$2"
    ip -n "culvert-e2e-$1" route add 10.8.0.0/24 dev "$2"
}
caller admin cve2e1 10.8.0.2
caller developer cve2e2 10.8.0.3
web developer 80
capture
check dmz "docker-compose up: healthy" up_and_healthy
check dmz "the administrator reaches the servers, which see who it is" seen_as 10.8.0.2 admin 192.168.50.20
check dmz "the developer reaches one server" seen_as 10.8.0.3 developer 192.168.50.30
refused() { # at once, not by a time-out
    local begin=$SECONDS
    not seen_from developer 192.168.50.20 10 && ((SECONDS - begin < 5))
}
check dmz "the developer is refused by the other, at once" refused
check dmz "nobody inside calls out" not seen_from lan 10.8.0.3 3
check dmz "callers do not reach each other" not seen_from admin 10.8.0.3 3
kill_vpn
check dmz "kill -9: the gate is closed" not seen_from admin 192.168.50.20 3
check dmz "no frame beside the tunnels" no_stray_frames
leave admin developer lan
check dmz "docker-compose down" down
