# Part of bin/culvert, for its commands arm, disarm and run: the kill switch without a Java runtime. The rulesets are static
# (lib/arm*.nft): nothing but loopback passes until the program has read its configuration.

say() { echo "$name: $*" >&2; }

# Some settings of the network core are there in the first network namespace only.
host_namespace() {
    unquote "${CULVERT_ALLOW_HOST_NETNS-}"
    case $word in 1 | [Tt][Rr][Uu][Ee] | [Yy][Ee][Ss] | [Oo][Nn]) return 1 ;; esac
    [ -e /proc/sys/net/core/netdev_budget ]
}

# All links but loopback, as nft wants them. /proc/net follows the namespace of its reader, /sys need not.
uplinks() {
    links=
    while read -r link _; do
        case $link in
        'Inter-|' | face | lo:*) ;;
        *:*) links="$links${links:+, }\"${link%%:*}\"" ;;
        esac
    done </proc/net/dev
    echo "$links"
}

# The ruleset with the uplinks in their place. Not by a variable of nft: versions up to 1.0.6 crash when it holds one link.
egress_ruleset() {
    while IFS= read -r line; do
        case $line in
        *'$uplinks'*) line="${line%%\$uplinks*}{ $links }${line#*\$uplinks}" ;;
        esac
        printf '%s\n' "$line"
    done <"$home/lib/arm-egress.nft"
}

# Rules that are in force are tighter than nothing and know more than the static ones: they stay.
armed() {
    case $(nft list table inet culvert 2>/dev/null) in
    *"hook output priority filter; policy drop;"*"hook forward priority filter; policy drop;"*"hook input priority filter; policy drop;"*) ;;
    *) return 1 ;;
    esac
}

arm() {
    unquote "${KILLSWITCH-}"
    case $word in
    [Oo][Ff][Ff])
        reached="the kill switch is off (KILLSWITCH=off)"
        return 0
        ;;
    esac
    if host_namespace; then
        say "this is the network namespace of the host: the kill switch would cut off the whole machine." \
            "CULVERT_ALLOW_HOST_NETNS=1 allows it"
        return 1
    elif ! command -v nft >/dev/null; then
        say "nft is not installed (Debian: nftables): nothing is armed"
        return 1
    elif armed; then
        reached="already armed"
    elif links=$(uplinks) && [ -n "$links" ] && egress_ruleset | nft -f - 2>/dev/null; then
        reached="armed: L2"
    elif nft -f "$home/lib/arm.nft"; then
        reached="armed: L1, raw sockets are not held back"
    else
        say "nothing is armed: it takes CAP_NET_ADMIN, and nf_tables in the kernel"
        return 1
    fi
}

case $1 in
arm)
    arm || exit 1
    echo "$reached"
    exit 0
    ;;
run | up)
    arm 2>/dev/null # the program knows how strict to be if this has failed, and says so
    ;;
disarm)
    command -v nft >/dev/null || { say "nft is not installed (Debian: nftables): the rules are still there" && exit 1; }
    nft -f "$home/lib/disarm.nft" || { say "the rules are still there: it takes CAP_NET_ADMIN to remove them" && exit 1; }
    echo "disarmed: everything may leave (routes and resolv.conf stay: to restore them takes the Java runtime)"
    exit 0
    ;;
esac
