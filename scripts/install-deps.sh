#!/bin/bash
# Installs what GROUPs of work need and this machine lacks: install-deps.sh build|test|demo|bench|image|e2e ...
#
# Asks apt only when something is missing. Without apt-get, or without root, it says what to install and fails.
set -euo pipefail

# Per group: command:package, or /file:package.
declare -A needs=(
    [build]="mvn:maven"
    [demo]="ip:iproute2 wg:wireguard-tools ping:iputils-ping iperf3:iperf3 perl:perl-base nft:nftables tcpdump:tcpdump"
    [test]="ip:iproute2 wg:wireguard-tools ping:iputils-ping iperf3:iperf3 nft:nftables tcpdump:tcpdump setsid:util-linux ps:procps prometheus:prometheus promtool:prometheus perl:perl-base curl:curl python3:python3 rpcbind:rpcbind ganesha.nfsd:nfs-ganesha-vfs nfs-cp:libnfs-utils chromium:chromium chromedriver:chromium-driver"
    [bench]="ip:iproute2 wg:wireguard-tools ping:iputils-ping iperf3:iperf3"
    [e2e]="docker-compose:docker-compose iptables:iptables tcpdump:tcpdump python3:python3-minimal column:bsdextrautils wireguard-go:wireguard-go openssl:openssl openconnect:openconnect iperf3:iperf3 nfs-cp:libnfs-utils podman:podman /usr/lib/podman/netavark:netavark catatonit:catatonit kubectl:kubernetes-client"
    [image]="dockerd:docker.io docker:docker.io mmdebstrap:mmdebstrap ip:iproute2 wg:wireguard-tools ping:iputils-ping iperf3:iperf3 unshare:util-linux"
)
# The interop tests and the comparison are with this one; Debian 12 itself has an older one.
wireguard_go_version=0.0.20231211

say() { echo "install-deps: $*" >&2; }
die() { say "$*"; exit 1; }

has_jdk_25() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        [ -x "$candidate/bin/javac" ] && [ -x "$candidate/bin/jlink" ] \
            && grep -q '^JAVA_VERSION="25' "$candidate/release" 2>/dev/null && return
    done
    return 1
}

has_wireguard_go() {
    command -v wireguard-go >/dev/null || return 1
    local installed
    installed=$(dpkg-query -W -f '${Version}' wireguard-go 2>/dev/null) || return 0 # not from a package: its owner's choice
    dpkg --compare-versions "$installed" ge "$wireguard_go_version"
}

has_boringssl() { ls /usr/lib/*-linux-gnu/android/libcrypto.so.0 >/dev/null 2>&1; }
# Made for x86-64 alone.
has_ipsec_mb() { [ "$(uname -m)" != x86_64 ] || ls /usr/lib/x86_64-linux-gnu/libIPSec_MB.so.1 >/dev/null 2>&1; }
# These are opened by name at run time: the linker's cache knows whether that works.
has_library() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -qF "$1"; }

packages=()
jdk=
wireguard_go=
ipsec_mb=
[ $# -gt 0 ] || die "usage: $0 build|test|demo|bench|image|e2e ..."
for group in "$@"; do
    [ -n "${needs[$group]-}" ] || die "no group $group"
    for need in ${needs[$group]}; do
        # Tools of administrators are not always on the PATH of others.
        PATH=$PATH:/usr/sbin:/sbin command -v "${need%%:*}" >/dev/null || packages+=("${need#*:}")
    done
    case $group in
        build) has_jdk_25 || jdk=missing ;;
        e2e) /usr/bin/python3 -c 'import yaml' 2>/dev/null || packages+=(python3-yaml) ;;
        test | bench)
            has_wireguard_go || wireguard_go=missing
            has_library libcrypto.so.3 || packages+=(libssl3)
            has_library libsodium.so. || packages+=(libsodium23)
            has_boringssl || packages+=(android-libboringssl)
            ipsec_mb=wanted
            ;;
    esac
done
# Not every Debian has it, and culvert works without.
has_package() { apt-cache show "$1" >/dev/null 2>&1; }
add_ipsec_mb() {
    if [ -n "$ipsec_mb" ] && [ "$(id -u)" = 0 ] && ! has_ipsec_mb && has_package libipsec-mb1; then
        packages+=(libipsec-mb1)
        ipsec_mb=
    fi
}
add_ipsec_mb
[ -n "${packages[*]}$jdk$wireguard_go" ] || exit 0

missing="${packages[*]}${jdk:+ a JDK 25}${wireguard_go:+ wireguard-go (>= $wireguard_go_version)}"
command -v apt-get >/dev/null || die "missing: ${missing# }. There is no apt-get here: install them by hand."
[ "$(id -u)" = 0 ] || die "missing: ${missing# }. Run this target as root once, or install them by hand."

export DEBIAN_FRONTEND=noninteractive
say "installing: ${missing# }"
apt-get update -qq

if [ -n "$jdk" ]; then
    for package in openjdk-25-jdk-headless temurin-25-jdk; do
        if has_package "$package"; then
            packages+=("$package")
            jdk=
            break
        fi
    done
fi
if [ -n "$wireguard_go" ]; then
    candidate=$(apt-cache policy wireguard-go | awk '/Candidate:/ { print $2 }')
    if dpkg --compare-versions "${candidate/(none)/0}" ge "$wireguard_go_version"; then
        packages+=(wireguard-go)
        wireguard_go=
    fi
fi
add_ipsec_mb # the lists may have been empty before
if [ ${#packages[@]} -gt 0 ]; then
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
fi

# From backports, where this machine's Debian comes from: a source list that only these two calls see.
install_from_backports() {
    local codename lists uri signed_by key=
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
    [ "$(. /etc/os-release && echo "${ID-}")" = debian ] || return 1
    IFS='|' read -r uri signed_by < <(apt-get indextargets --format '$(REPO_URI)|$(SIGNED_BY)' \
        "Created-By: Packages" "Release: $codename" "Component: main") || return 1
    if [ -f "$signed_by" ]; then
        key="[signed-by=$signed_by]"
    elif [ -f /usr/share/keyrings/debian-archive-keyring.gpg ]; then
        key="[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]"
    fi
    lists=$(mktemp -d)
    chmod 755 "$lists" # apt reads it as another user
    cp -a /etc/apt/sources.list.d/. "$lists/"
    echo "deb $key $uri $codename-backports main" >"$lists/culvert-backports.list"
    local status=0
    apt-get -o "Dir::Etc::SourceParts=$lists" update -qq \
        && apt-get -o "Dir::Etc::SourceParts=$lists" install -y -qq --no-install-recommends \
            -t "$codename-backports" "$1" >&2 || status=1
    rm -rf "$lists"
    return "$status"
}

if [ -n "$wireguard_go" ]; then
    install_from_backports wireguard-go || die "there is no wireguard-go >= $wireguard_go_version to install: put one on the PATH"
fi
[ -z "$jdk" ] || die "no package of a JDK 25 is known here: put one into JAVA_HOME or under /usr/lib/jvm (Temurin: temurin-25-jdk)"
