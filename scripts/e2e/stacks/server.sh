start_stack server
export SERVERURL=198.51.100.2 SERVERPORT=51820 PEERS=laptop,phone
install -d -o $user "$compose_folder/state"
place laptop 1
capture
check server "docker-compose up: healthy" up_and_healthy
connects() { # client
    sed -n 's/^PrivateKey *= *//p' "$compose_folder/state/peer_$1/peer_$1.conf" >"$scratch/keys/$1"
    wireguard_client laptop cve2e1 "$compose_folder/state/peer_$1/peer_$1.conf" "$1" 10.13.13.1 && pings laptop 10.13.13.1
}
check server "a client with its file connects" connects laptop
added() { compose exec -T vpn culvert client add tablet --qr | grep ▀ && pings laptop 10.13.13.1; }
check server "client add: a code for the new one, the other stays connected" added
kill_vpn
check server "kill -9: the client reaches nothing" not pings laptop 10.13.13.1 2
check server "no frame beside the tunnel" no_stray_frames
leave laptop
check server "docker-compose down" down
