#!/bin/bash
# Builds the Dockerfile where no image registry can be reached, and proves the image by running it.
#
# The two base images are made here: debian:bookworm-slim by mmdebstrap, eclipse-temurin:25-jdk from that and the JDK 25 of
# this machine. Packages and Maven dependencies still come from their usual places, through this machine's network.
# A Docker daemon of its own does the work, with its state in a folder of its own and without a bridge or a firewall rule,
# so neither another daemon's images nor this machine's network are touched; it is stopped at the end.
#
# Environment: IMAGE_TAG (culvert:latest), IMAGE_OUT (dist/culvert-image.tar.gz; empty: do not save),
#              IMAGE_STATE (a folder that keeps the daemon's images for the next run; else a temporary one).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tag=${IMAGE_TAG:-culvert:latest}
out=${IMAGE_OUT-$root/dist/culvert-image.tar.gz}

say() { printf '\n== %s\n' "$*"; }
die() { printf 'image-offline: %s\n' "$*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || die "must be run by root (it starts a Docker daemon)"
for program in docker dockerd mmdebstrap ip wg ping iperf3 unshare nsenter; do
    command -v "$program" >/dev/null || die "no $program found: apt-get install docker.io mmdebstrap iproute2 wireguard-tools iputils-ping iperf3"
done
jdk=
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    if [ -x "$candidate/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$candidate/release" 2>/dev/null; then
        jdk=$candidate
        break
    fi
done
[ -n "$jdk" ] || die "no JDK 25 found in JAVA_HOME or under /usr/lib/jvm"

scratch=$(mktemp -d /tmp/culvert-image.XXXXXX)
state=${IMAGE_STATE:-$scratch/state}
mkdir -p "$state"
daemon=
containers=()

cleanup() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$daemon" ]; then
        for container in "${containers[@]}"; do
            docker rm -f "$container" >/dev/null 2>&1 || true
        done
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
    fi
    if ((status != 0)) && grep -qE 'level=(error|fatal)|^failed' "$scratch/dockerd.log" 2>/dev/null; then
        echo "--- the Docker daemon's complaints:" >&2
        grep -E 'level=(error|fatal)|^failed' "$scratch/dockerd.log" | tail -n 10 >&2
    fi
    rm -rf "$scratch"
    exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "Starting a Docker daemon of our own"
# Its own mount namespace takes the mounts along when it ends. Its own network namespace it must not have: builds use the
# network of the daemon.
unshare --mount -- dockerd --data-root "$state/data" --exec-root "$scratch/exec" --pidfile "$scratch/pid" \
    -H "unix://$scratch/docker.sock" --bridge=none --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false \
    --userland-proxy=false >"$scratch/dockerd.log" 2>&1 &
daemon=$!
export DOCKER_HOST="unix://$scratch/docker.sock" DOCKER_BUILDKIT=0
unset DOCKER_CONTEXT
for _ in $(seq 60); do
    docker version >/dev/null 2>&1 && break
    kill -0 "$daemon" 2>/dev/null || die "the Docker daemon ended at once"
    sleep 0.5
done
docker info --format '{{.ServerVersion}}, storage driver {{.Driver}}, cgroup v{{.CgroupVersion}}' 2>/dev/null || die "the Docker daemon does not answer"

if docker image inspect debian:bookworm-slim >/dev/null 2>&1; then
    say "debian:bookworm-slim is there already"
else
    say "Making debian:bookworm-slim with mmdebstrap"
    # As the published image: /usr merged (without usrmerge, which wants all of perl), no manual pages, apt keeps nothing.
    cat >"$scratch/apt-keeps-nothing" <<'APT'
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
APT
    mmdebstrap --quiet --variant=minbase --include=usr-is-merged --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
        --customize-hook='rm -f "$1"/var/cache/apt/*.bin' --customize-hook="copy-in $scratch/apt-keeps-nothing /etc/apt/apt.conf.d" \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --dpkgopt='path-exclude=/usr/share/info/*' \
        bookworm "$scratch/base.tar"
    docker import "$scratch/base.tar" debian:bookworm-slim >/dev/null
    rm "$scratch/base.tar"
fi

if docker image inspect eclipse-temurin:25-jdk >/dev/null 2>&1; then
    say "eclipse-temurin:25-jdk is there already"
else
    say "Making eclipse-temurin:25-jdk from $jdk"
    mkdir -p "$scratch/jdk/ca"
    # -L: a distribution's JDK may have its trust store and its configuration elsewhere.
    cp -aL "$jdk" "$scratch/jdk/jdk"
    rm -f "$scratch/jdk/jdk/lib/src.zip"
    # Certificates that this machine trusts beyond the usual ones: a proxy's, say.
    find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$scratch/jdk/ca/" \; 2>/dev/null || true
    cat >"$scratch/jdk/Dockerfile" <<'DOCKERFILE'
FROM debian:bookworm-slim
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY ca /usr/local/share/ca-certificates
RUN update-ca-certificates && mkdir -p /usr/share/man/man1
COPY jdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DOCKERFILE
    docker build --quiet --network=host --tag eclipse-temurin:25-jdk "$scratch/jdk" >/dev/null
    rm -rf "$scratch/jdk"
fi

say "Building the image"
arguments=()
for variable in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!variable:-}" ] || arguments+=(--build-arg "$variable")
done
docker build --network=host "${arguments[@]}" --tag "$tag" "$root"

say "Running it"
docker run --rm --network=none "$tag" --version
docker run --rm --network=none --user 1000:1000 --cap-drop ALL --cap-add NET_ADMIN --read-only "$tag" arm
# Without the device it must say so and fail, not hang and not print a stack trace.
if refusal=$(docker run --rm --network=none "$tag" wg0 2>&1); then
    die "the image claims to run without /dev/net/tun"
fi
printf 'without /dev/net/tun: %s\n' "$refusal"
[ "$(wc -l <<<"$refusal")" -le 2 ] || die "that should have been one clear line"

say "A tunnel between two containers, one of them uid 1000 with one capability on a read-only root"
# wg on this machine finds the containers' sockets below /var/run/wireguard, in a mount namespace of its own.
mkdir "$scratch/uapi" "$scratch/keys"
with_sockets() { unshare --mount -- sh -c 'mkdir -p /var/run/wireguard && mount --bind "$0" /var/run/wireguard && exec "$@"' "$scratch/uapi" "$@"; }
chmod 777 "$scratch" "$scratch/uapi"
declare -A pid restricted=([left]="" [right]="--user 1000:1000 --cap-drop ALL --read-only")
for side in left right; do
    (umask 077 && wg genkey >"$scratch/keys/$side")
    # shellcheck disable=SC2086 # several options
    id=$(docker run --detach --network=none ${restricted[$side]} --cap-add NET_ADMIN --device /dev/net/tun \
        --volume "$scratch/uapi:/var/run/wireguard" "$tag" "wg$side")
    containers+=("$id")
    pid[$side]=$(docker inspect --format '{{.State.Pid}}' "$id")
done
in_side() { nsenter --target "${pid[$1]}" --net -- "${@:2}"; }
for side in left right; do
    for _ in $(seq 100); do
        [ -S "$scratch/uapi/wg$side.sock" ] && break
        sleep 0.1
    done
    [ -S "$scratch/uapi/wg$side.sock" ] || { docker logs "${containers[-1]}" >&2; die "wg$side did not come up"; }
done
ip link add cvimg-l netns "${pid[left]}" type veth peer name cvimg-r netns "${pid[right]}"
configure() { # side, number, other side, other number, device
    in_side "$1" ip address add "10.89.0.$2/24" dev "$5"
    in_side "$1" ip link set "$5" up
    in_side "$1" ip address add "10.90.0.$2/24" dev "wg$1"
    in_side "$1" ip link set "wg$1" up
    with_sockets wg set "wg$1" private-key "$scratch/keys/$1" listen-port 51820 \
        peer "$(wg pubkey <"$scratch/keys/$3")" endpoint "10.89.0.$4:51820" allowed-ips "10.90.0.$4/32"
}
configure left 1 right 2 cvimg-l
configure right 2 left 1 cvimg-r
in_side left ping -q -c 3 -i 0.2 -W 5 10.90.0.2
in_side right timeout 30 iperf3 --server --one-off --bind 10.90.0.2 >/dev/null &
server=$!
sleep 1
in_side left timeout 20 iperf3 --client 10.90.0.2 --time 2 --format m | grep -E 'sender|receiver'
wait "$server"
docker logs "${containers[0]}" 2>&1 | tail -n 5
grep -E '^(Uid|CapPrm):' "/proc/${pid[right]}/status"
for container in "${containers[@]}"; do
    docker stop --time 10 "$container" >/dev/null
    code=$(docker inspect --format '{{.State.ExitCode}}' "$container")
    [ "$code" = 0 ] || die "a container ended with $code after SIGTERM"
done

say "The image"
docker images --format 'table {{.Repository}}:{{.Tag}}\t{{.Size}}' | sed -n "1p;\|^$tag|p;/^debian/p"
if [ -n "$out" ]; then
    mkdir -p "$(dirname "$out")"
    docker save "$tag" | gzip -1 >"$out"
    printf 'saved in %s (docker load -i %s)\n' "$out" "$out"
fi
