# What a user with a provider's file types, and the figures that go with it.
say run
mkdir "$scratch/run"
provider_file >"$scratch/run/wg0.conf"
chmod 600 "$scratch/run/wg0.conf"
chown $user "$scratch/run/wg0.conf"
run_vpn() { # options of docker run...
    docker run --detach "$@" --cap-add NET_ADMIN --device /dev/net/tun -v "$scratch/run/wg0.conf:/config/wg0.conf:ro" "$CULVERT_IMAGE"
}
through() { docker run --rm --network "container:$vpn" --cap-drop ALL "$APP_IMAGE" python3 -c "$1"; } # Python
exits() { same $exit_address "$(through "$(fetch $site)")"; }
health_of() { docker inspect --format '{{.State.Health.Status}}' "$vpn"; }
is_run_health() { [ "$(health_of)" = "$1" ]; }

# Two clocks: the command is asked every 50 ms and some; HEALTHCHECK looks every 2 s, and Docker 20.10 knows no shorter interval for the start.
starts() {
    local begin asked=
    begin=$(milliseconds)
    vpn=$(run_vpn)
    until docker exec "$vpn" culvert health >/dev/null 2>&1; do sleep 0.05; (($(milliseconds) - begin < 20000)) || return 1; done
    asked=$(($(milliseconds) - begin))
    until is_run_health healthy; do sleep 0.05; (($(milliseconds) - begin < 20000)) || return 1; done
    echo "culvert health after $asked ms, HEALTHCHECK after $(($(milliseconds) - begin)) ms" >&3
    ((asked <= 3000))
}
capture
check run "docker run to healthy, by the command within 3 s" starts
check run "two options and the provider's file: traffic exits by the tunnel" exits
check run "no frame beside the tunnel" no_stray_frames
stops() {
    local begin
    begin=$(milliseconds)
    docker stop "$vpn" >/dev/null
    echo "$(($(milliseconds) - begin)) ms" >&3
    (($(milliseconds) - begin < 2000)) && same 0 "$(docker inspect --format '{{.State.ExitCode}}' "$vpn")"
}
check run "docker stop within 2 s" stops
docker rm -f "$vpn" >/dev/null

vpn=$(run_vpn --memory 128m --memory-swap 128m)
within 20 is_run_health healthy
ip netns exec $world iperf3 --server --bind 10.66.0.1 >"$scratch/iperf3.log" 2>&1 &
iperf=$!
# MiB of process 1: VmRSS now, VmHWM at most so far.
memory() { awk -v key="$1:" '$1 == key { print int($2 / 1024) }' "/proc/$(docker inspect --format '{{.State.Pid}}' "$vpn")/status"; }
# What the kernel calls resident, and what docker stats shows: without the pages of files that the kernel can take back.
at_rest() {
    local resident shown most=0 looks=
    for _ in 1 2 3 4 5; do
        sleep 8
        resident=$(memory VmRSS)
        looks+=" $resident"
        ((resident <= most)) || most=$resident
    done
    shown=$(docker stats --no-stream --format '{{.MemUsage}}' "$vpn" | awk '/MiB/ { print int($1 + 0.5) }')
    echo "$looks MiB; docker stats $shown MiB" >&3
    [[ -n $shown ]] && ((shown <= 64 && most > 0 && most < 64))
}
check run "resident memory at rest, five looks, at most 64 MiB" at_rest
full_load() {
    local way rates=
    for way in "" --reverse; do
        rates+=$(docker run --rm --network "container:$vpn" "$APP_IMAGE" iperf3 --client 10.66.0.1 --parallel 4 --time 6 $way --json \
            | python3 -c "import json, sys; print(' %.1f' % (json.load(sys.stdin)['end']['sum_received']['bits_per_second'] / 1e9))")
    done
    echo "$(memory VmHWM) MiB resident at most;$rates Gbit/s out, in" >&3
    same "true false" "$(docker inspect --format '{{.State.Running}} {{.State.OOMKilled}}' "$vpn")" && is_run_health healthy
}
check run "128 MiB, 4 TCP streams each way" full_load
kill $iperf
docker rm -f "$vpn" >/dev/null
