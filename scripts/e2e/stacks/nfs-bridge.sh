. "$e2e/nfs.sh"
start_stack nfs-bridge
export SERVERURL=198.51.100.2 WG_CLIENT_PUBKEY=$(public laptop) NFS_IMAGE=$APP_IMAGE
install -d -o $user "$compose_folder/state"
mkdir "$compose_folder/exports"
place laptop 1
capture
check nfs-bridge "docker-compose up: healthy" up_and_healthy
connects() { wireguard_client laptop cve2e1 "$compose_folder/state/client.conf" laptop 10.8.0.1 && pings laptop 10.8.0.1; }
check nfs-bridge "the client connects, its key unknown to the server" connects
serves() { within_namespace laptop timeout 3 nfs-ls nfs://10.8.0.1/exports; }
check nfs-bridge "the NFS server answers at the tunnel's address" within 20 serves
check nfs-bridge "$nfs_mib MiB written and read, equal" nfs_round_trip laptop nfs://10.8.0.1/exports "$compose_folder/exports"
bridge_address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(id_of vpn)")
check nfs-bridge "it does not on Docker's bridge" not ip netns exec $host timeout 3 nfs-ls "nfs://$bridge_address/exports"
kill_vpn
check nfs-bridge "kill -9: the client reaches nothing" not within_namespace laptop timeout 3 nfs-ls nfs://10.8.0.1/exports
check nfs-bridge "no frame beside the tunnel" no_stray_frames
leave laptop
check nfs-bridge "docker-compose down" down
