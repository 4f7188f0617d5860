. "$e2e/nfs.sh"
start_stack nas-bridge
# The NAS: an NFS server that takes ports below 1024 only, and knows no route to the tunnel. The local network is the uplink's.
install -d -o $user "$compose_folder/state"
mkdir "$scratch/volume1"
sed 's/10.8.0.0\/24/198.51.100.2/; s,/exports,/volume1,' "$root/examples/nfs-bridge/nfs/ganesha.conf" >"$scratch/nas.conf"
nas=$(docker run --detach --network none --cap-add DAC_READ_SEARCH --security-opt seccomp=unconfined --volume "$scratch/volume1:/volume1" --volume "$scratch/nas.conf:/etc/ganesha/ganesha.conf:ro" \
    "$APP_IMAGE" sh -c "mkdir -p /run/ganesha /run/rpcbind && rpcbind && exec ganesha.nfsd -F -L STDOUT")
ip netns attach culvert-e2e-nas "$(docker inspect --format '{{.State.Pid}}' "$nas")"
place nas 4
export SERVERURL=198.51.100.2 WG_CLIENT_PUBKEY=$(public laptop) NAS=203.0.113.18
place laptop 1
capture "udp port 51820 or $refused_calls or (host 198.51.100.2 and host $NAS)"
check nas-bridge "docker-compose up: healthy" up_and_healthy
connects() {
    wireguard_client laptop cve2e1 "$compose_folder/state/client.conf" laptop 10.8.0.1 $NAS && pings laptop $NAS
}
check nas-bridge "the client connects, and reaches the NAS" connects
check nas-bridge "$nfs_mib MiB written and read, equal" nfs_round_trip laptop nfs://$NAS/volume1 "$scratch/volume1"
check nas-bridge "the NAS cannot call a client" not pings nas 10.8.0.2 2
kill_vpn
check nas-bridge "kill -9: the client reaches nothing" not within_namespace laptop timeout 3 nfs-ls nfs://$NAS/volume1
check nas-bridge "no frame beside the tunnel and the NAS" no_stray_frames
docker rm -f "$nas" >/dev/null
leave laptop nas
check nas-bridge "docker-compose down" down
