start_stack wireguard-go
capture
compose up -d >/dev/null 2>&1
check wireguard-go "docker-compose up: healthy" within 20 is_health healthy wg
# As the README says: wg on the host finds the socket once it is in its folder.
host_wg() { unshare --mount -- sh -c 'mount --bind "$0/wireguard" /var/run/wireguard && exec wg "$@"' "$compose_folder" "$@"; }
check wireguard-go "wg on the host talks to it" host_wg show wg0
in_wg() { nsenter --target "$(docker inspect --format '{{.State.Pid}}' "$(id_of wg)")" --net -- "$@"; }
configured() {
    host_wg set wg0 private-key "$scratch/keys/client" peer "$(public server)" endpoint 198.51.100.1:51820 allowed-ips 10.66.0.0/24
    in_wg ip address add $exit_address/24 dev wg0
    in_wg ip link set wg0 up
    in_wg ping -q -c 1 -W 5 10.66.0.1
}
check wireguard-go "configured by wg, it carries traffic" configured
check wireguard-go "culvert status shows it" docker exec "$(id_of wg)" culvert status
check wireguard-go "no frame beside the tunnel" no_stray_frames
check wireguard-go "docker-compose down" down
