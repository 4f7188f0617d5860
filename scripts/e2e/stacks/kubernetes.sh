# The manifests as Kustomize builds them, in pods of podman (podman_manifest.py says what it cannot do), on a network with the addresses of a cluster.
start_stack kubernetes
mkdir "$scratch/proxy"
cp "$e2e/proxy.py" "$scratch/proxy/"
printf 'FROM %s\nCOPY proxy.py /\nENTRYPOINT ["python3", "/proxy.py"]\n' "$APP_IMAGE" >"$scratch/proxy/Dockerfile"
docker build --quiet --tag culvert-e2e-proxy:latest "$scratch/proxy" >/dev/null 2>&1

# podman asks for more than every machine may give.
printf '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n' >"$scratch/containers.conf"
pod() {
    CONTAINERS_CONF=$scratch/containers.conf nsenter --target "$daemon" --mount --net -- podman --root "$scratch/podman" --runroot "$scratch/podman-run" \
        --network-config-dir "$scratch/podman-networks" --cgroup-manager cgroupfs --runtime runc --network-backend netavark --log-level error "$@"
}
docker save "$CULVERT_IMAGE" "$APP_IMAGE" culvert-e2e-proxy:latest -o "$scratch/images.tar"
pod load --quiet --input "$scratch/images.tar" >/dev/null
rm "$scratch/images.tar"
# Docker sends bridged frames through iptables, too, where podman's masquerading would give pods the bridge's own address among each other.
nsenter --target "$daemon" --mount --net -- sysctl -qw net.bridge.bridge-nf-call-iptables=0
pod network create --subnet 10.42.0.0/16 --disable-dns cluster >/dev/null

manifest() { # folder of the example, file to write
    cat >>"$compose_folder/$1/kustomization.yaml" <<YAML
images:
  - {name: culvert, newName: localhost/${CULVERT_IMAGE%:*}, newTag: "${CULVERT_IMAGE#*:}"}
  - {name: 'python', newName: localhost/${APP_IMAGE%:*}, newTag: "${APP_IMAGE#*:}"}
  - {name: ubuntu/squid, newName: localhost/culvert-e2e-proxy, newTag: latest}
YAML
    kubectl kustomize "$compose_folder/$1" | /usr/bin/python3 "$e2e/podman_manifest.py" >"$2"
}
at_end="pod pod rm --all --force" # wherever it ends
plays() { # folder
    manifest "$1" "$scratch/$1.yaml" && pod kube play --network cluster "$scratch/$1.yaml"
}
# The command of the probes.
is_ready() { pod exec "$1" culvert health; } # container

provider_file >"$compose_folder/sidecar/wg0.conf"
capture
check kubernetes "sidecar: kubectl kustomize, podman kube play" plays sidecar
check kubernetes "sidecar: the startup probe's command succeeds" within 20 is_ready app-pod-0-vpn
pod_exits() { same $exit_address "$(pod exec app-pod-0-app python3 -c "$(fetch $site)")"; }
check kubernetes "sidecar: traffic exits by the tunnel" pod_exits
pod stop --time 0 app-pod-0-vpn >/dev/null 2>&1
check kubernetes "sidecar: the container killed, the program reaches nothing" not pod exec app-pod-0-app python3 -c "$(fetch $site 3)"
pod start app-pod-0-vpn >/dev/null
check kubernetes "sidecar: started again, it exits by the tunnel" within 20 pod_exits
check kubernetes "sidecar: no frame beside the tunnel" no_stray_frames
pod kube down "$scratch/sidecar.yaml" >/dev/null

customer() { # folder, address
    wg set cve2e0 peer "$(public "gateway-$1")" allowed-ips "$2/32"
    provider_file | sed "s,^PrivateKey.*,PrivateKey = $(key "gateway-$1"),; s,^Address.*,Address = $2/32," >"$compose_folder/gateway/$1/wg0.conf"
}
customer one 10.66.0.3
customer two 10.66.0.4
capture
check kubernetes "gateway: two tunnels, kustomize and play" plays gateway
# A bridge takes the lowest hardware address among its ports, so that of the next pod perhaps, and the pods that know the old one wait for
# their neighbour tables: it keeps the one that it has.
keep_bridge_address() {
    nsenter --target "$daemon" --net -- sh -c \
        'for link in $(ip -o link show type bridge | grep -o "podman[0-9]*" | sort -u); do
            ip link set "$link" address "$(ip -o link show "$link" | sed "s/.*ether \([^ ]*\).*/\1/")"
        done'
}
keep_bridge_address
both_ready() { is_ready vpn-gateway-one-pod-0-vpn && is_ready vpn-gateway-two-pod-0-vpn; }
check kubernetes "gateway: both are ready" within 20 both_ready
address_of() { pod inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(pod pod inspect --format '{{.InfraContainerID}}' "vpn-gateway-$1-pod-0")"; }
by_proxy() { # tunnel, address that the web site has to see
    same "$2" "$(pod run --rm --network cluster --env "http_proxy=http://$(address_of "$1"):3128" "localhost/$APP_IMAGE" python3 -c "$(fetch $site)")"
}
check kubernetes "gateway: a pod exits by the first tunnel's proxy" by_proxy one 10.66.0.3
check kubernetes "gateway: a pod exits by the second tunnel's proxy" by_proxy two 10.66.0.4
routed() {
    same 10.66.0.3 "$(pod run --rm --network cluster --cap-add NET_ADMIN "localhost/$APP_IMAGE" \
        sh -c "ip route replace default via $(address_of one) && exec python3 -c \"$(fetch $site)\"")"
}
check kubernetes "gateway: a pod exits with the gateway as its router" routed
pod stop --time 0 vpn-gateway-one-pod-0-vpn >/dev/null 2>&1
check kubernetes "gateway: killed, neither proxy nor router" not eval 'by_proxy one 10.66.0.3 || routed'
check kubernetes "gateway: no frame beside the tunnels" no_stray_frames
pod kube down "$scratch/gateway.yaml" >/dev/null
