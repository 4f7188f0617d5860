#!/bin/bash
# All tests: the program is built first, since tests in network namespaces start it from dist/culvert. Ends with what failed,
# Surefire's summary over all modules, and Maven's exit code.
#
# Arguments go to Maven: scripts/test.sh -pl app -am -Dtest=DaemonTest -Dsurefire.failIfNoSpecifiedTests=false
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

options=()
if [ "$(id -u)" != 0 ]; then
    options+=(-Dtest.excludedGroups=netns)
    note="Tests in network namespaces were not run: they need root."
elif [ ! -c /dev/net/tun ]; then
    options+=(-Dtest.excludedGroups=netns)
    note="Tests in network namespaces were not run: there is no /dev/net/tun."
elif ! unshare --net true 2>/dev/null; then
    options+=(-Dtest.excludedGroups=netns)
    note="Tests in network namespaces were not run: this container may not make any (CAP_SYS_ADMIN)."
fi

./mvnw -q package -DskipTests

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
./mvnw verify -DskipDist -Dculvert.dist="$PWD/dist/culvert" "${options[@]}" "$@" | tee "$log" || status=$?

[ -z "${note-}" ] || echo "$note"
# What failed stands between "Results:" and a module's summary, which is the line without a class name.
sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '
    /Results:/ { results = 1 }
    results && /^\[ERROR\]/ { print }
    /Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+ *$/ { results = 0 }
    /Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+ *$/ {
        gsub(/,/, ""); for (i = 1; i < NF; i++) if ($i ~ /:$/) sum[$i] += $(i + 1)
    }
    END { printf "Tests run: %d, Failures: %d, Errors: %d, Skipped: %d\n", sum["run:"], sum["Failures:"], sum["Errors:"], sum["Skipped:"] }'
exit "$status"
