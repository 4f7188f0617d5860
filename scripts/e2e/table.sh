# Part of e2e.sh: the table. Its lines are kept in `results`, and `failed` says whether one of them went wrong.
results=()
failed=0

say() { printf '\n== %s\n' "$*"; }
die() { printf 'e2e: %s\n' "$*" >&2; exit 1; }
not() { ! "$@"; }
# Both sides' first argument is what should be.
same() { [ "$1" = "$2" ] || { echo "expected: $1"; echo "seen:     $2"; return 1; }; }

# A line of the table: whether the command succeeds. What it writes to fd 3 becomes part of the line.
check() { # stack, what, command...
    local stack=$1 what=$2 begin=$SECONDS verdict=ok note
    shift 2
    : >"$scratch/note"
    "$@" >"$scratch/out" 2>&1 3>"$scratch/note" || verdict=FAILED
    note=$(cat "$scratch/note")
    what+=${note:+: $note}
    results+=("$verdict|$stack|$what|$((SECONDS - begin)) s")
    printf '%-7s %-15s %s\n' "$verdict" "$stack" "$what"
    if [ "$verdict" = FAILED ]; then
        failed=1
        tail -n 25 "$scratch/out" | sed 's/^/        /'
    fi
}

# Tries the command again until it succeeds.
within() { # seconds, command...
    local until=$((SECONDS + $1))
    shift
    while ! "$@"; do
        ((SECONDS < until)) || return 1
        sleep 0.2
    done
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

print_table() {
    {
        echo "|stack|what|took"
        printf '%s\n' "${results[@]}"
    } | column -t -s '|'
}
