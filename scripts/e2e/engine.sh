# Part of e2e.sh: Docker, with its bridge, NAT and published ports in the namespace of the host, and the stacks in it.
daemon=
compose_folder=
at_end= # what a stack has to have done before the daemon goes
later=() # rows whose time passes while the other stacks run

# What the containers beside the VPN run. Where a registry can be reached these are published images.
app_packages=python3,iproute2,iperf3,netbase,nftables,rpcbind,nfs-ganesha-vfs,ocserv
app_path=/usr/sbin:/usr/bin:/sbin:/bin
export APP_IMAGE=culvert-e2e-app:$(cksum <<<"$app_packages $app_path" | cut -d ' ' -f 1)

build_image() {
    IMAGE_TAG=$1 IMAGE_OUT='' IMAGE_STATE=$state "$root/scripts/image-offline.sh" >"$scratch/image.log" 2>&1 \
        || { tail -n 30 "$scratch/image.log"; die "the image was not built"; }
    tail -n 3 "$scratch/image.log"
}

start_docker() {
    # Its /sys is the namespace's, for Docker's bridges, with the machine's control groups.
    mkdir "$scratch/cgroup"
    nsenter --net=/run/netns/$host unshare --mount -- sh -c '
        mount --rbind /sys/fs/cgroup "$0" && mount -t sysfs none /sys && mount --rbind "$0" /sys/fs/cgroup && exec "$@"' "$scratch/cgroup" \
        dockerd --data-root "$state/data" --exec-root "$scratch/exec" --pidfile "$scratch/pid" \
        -H "unix://$scratch/docker.sock" --userland-proxy=false >"$scratch/dockerd.log" 2>&1 &
    daemon=$!
    export DOCKER_HOST="unix://$scratch/docker.sock" DOCKER_BUILDKIT=0
    unset DOCKER_CONTEXT
    for _ in $(seq 60); do
        docker version >/dev/null 2>&1 && break
        kill -0 "$daemon" 2>/dev/null || { tail -n 5 "$scratch/dockerd.log"; die "the Docker daemon ended at once"; }
        sleep 0.5
    done
    if ! docker image inspect "$APP_IMAGE" >/dev/null 2>&1; then
        mmdebstrap --quiet --variant=minbase --include=$app_packages bookworm "$scratch/app.tar"
        docker import --change "ENV PATH=$app_path" "$scratch/app.tar" "$APP_IMAGE" >/dev/null
        rm "$scratch/app.tar"
    fi
}

stop_docker() {
    [ -n "$daemon" ] || return 0
    ${at_end:-true} >/dev/null 2>&1 || true
    docker ps -aq | xargs -r docker rm -f >/dev/null 2>&1 || true
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
}

# Who deploys is not root: files and folders are that user's alone.
user=1000
# Copies the example, as a user would, and gives it the provider's file if it wants one.
start_stack() { # folder, name if it is not the first
    say "${2:-$1}"
    compose_folder=$scratch/${2:-$1}
    cp -R "$root/examples/$1" "$compose_folder"
    if [ -d "$compose_folder/config" ]; then
        provider_file >"$compose_folder/config/wg0.conf"
        chmod 600 "$compose_folder/config/wg0.conf"
    fi
    chown -R $user "$compose_folder"
}
compose() { (cd "$compose_folder" && docker-compose "$@"); }
id_of() { compose ps -q "$1"; } # service
in_app() { compose exec -T app python3 -c "$1"; }
health() { docker inspect --format '{{.State.Health.Status}}' "$(id_of "${1:-vpn}")"; }
is_health() { [ "$(health "${2:-vpn}")" = "$1" ]; } # health, service
# Compose waits for whom depends on it only.
up_and_healthy() { compose "$@" up -d && within 20 is_health healthy || { compose logs --tail 20; return 1; }; }
exits_by_tunnel() {
    same $exit_address "$(in_app "$(fetch $site)")" && same $exit_address "$(in_app "$(fetch 198.51.100.1)")"
}
published_port_answers() { ip netns exec $host python3 -c "import urllib.request as u; u.urlopen('http://198.51.100.2:$WEB_PORT/', timeout=5)"; }
# No farewell, and no restart.
kill_vpn() {
    local vpn
    vpn=$(id_of "${1:-vpn}")
    docker update --restart=no "$vpn" >/dev/null
    docker kill --signal KILL "$vpn" >/dev/null
}
down() { compose down --timeout 2 --volumes; }
# The tunnels' keys, where the README has them made.
write_secrets() { # names of keys, the first for wg1
    local number=1 name
    mkdir "$compose_folder/secrets"
    for name; do
        (umask 077 && key "$name" >"$compose_folder/secrets/wg${number}_private_key")
        number=$((number + 1))
    done
    chown -R $user "$compose_folder/secrets"
}
