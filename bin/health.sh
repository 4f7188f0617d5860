# Part of bin/culvert, for its command health, and without a Java runtime: it is called every few seconds. The process leaves one
# line in a file, "STATUS UNTIL PID WHY", where UNTIL is the uptime in seconds after which the line counts no more.

namespace=$(readlink /proc/self/ns/net) # net:[4026531833]
namespace=${namespace#*[}
unquote "${CULVERT_RUN_DIR:-/run/culvert}"
file=$word/${namespace%]}.health

# Whether culvert run or up is here: one that wrote nothing has just begun, or cannot write.
has_sidecar() {
    for process in $(grep -lsz '/culvert\.jar$' /proc/[0-9]*/cmdline); do
        process=${process%/cmdline}
        case $(readlink "$process/ns/net") in "net:[${namespace%]}]" | '') ;; *) continue ;; esac
        case $(tr '\0' ' ' 2>/dev/null <"$process/cmdline") in *"/culvert.jar run "* | *"/culvert.jar up "*) return 0 ;; esac
    done
    return 1
}

pid=
[ ! -r "$file" ] || read -r status until pid why <"$file"
# The number of a namespace that is gone goes to a later one: a file of a dead process may be of another namespace. It is of this
# one if it was written while the interface of $socket was here, as no two have one number at a time, or if its rules are here.
died_here() {
    [ -n "$pid" ] || return 1
    [ "$file" -nt "$socket" ] || nft list table inet culvert >/dev/null 2>&1
}

if [ -z "$pid" ] || [ ! -d "/proc/$pid" ]; then
    # An interface that wg configures from outside (culvert wg0) goes with its process. What it is for nobody here knows.
    has_sidecar || for socket in /var/run/wireguard/*.sock; do
        link=${socket##*/}
        [ -S "$socket" ] && grep -qE "^ *${link%.sock}:" /proc/net/dev || continue
        died_here && break
        echo "healthy: $socket"
        exit 0
    done
    [ -z "$pid" ] || { echo "not healthy: culvert run is gone (process $pid) and did not clean up" && exit 1; }
    echo "not healthy: culvert does not run here, or cannot write to ${file%/*}"
    exit 1
fi
read -r uptime _ </proc/uptime
if [ "${uptime%.*}" -gt "$until" ]; then
    echo "not healthy: process $pid hangs"
    exit 1
elif [ "$status" != 0 ]; then
    echo "not healthy: $why"
    exit 1
fi
echo "healthy"
exit 0
