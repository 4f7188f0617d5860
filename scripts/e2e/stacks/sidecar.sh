start_stack sidecar
capture
check sidecar "docker-compose up: healthy" up_and_healthy
check sidecar "traffic exits by the tunnel" exits_by_tunnel
check sidecar "the published port answers" published_port_answers
check sidecar "no frame beside the tunnel" no_stray_frames
capture
app=$(id_of app)
kill_vpn
# The container of the program keeps the network namespace, with the rules in it.
check sidecar "kill -9: the program reaches nothing" not docker exec "$app" python3 -c "$(fetch $site 3)"
check sidecar "kill -9: no frame leaves" no_stray_frames
check sidecar "docker-compose down" down

# Health by the clock: a handshake counts for 180 s. The provider of another such stack goes now, the other stacks run meanwhile.
place provider 40
provider_answers() { wireguard provider cve2e9 10.67.0.1/24 provider listen-port 51820 peer "$(public customer)" allowed-ips 10.67.0.2/32; }
provider_answers
start_stack sidecar sidecar-health
sed -i "s,^PrivateKey.*,PrivateKey = $(key customer),; s,^Address.*,Address = 10.67.0.2/32,; s,^PublicKey.*,PublicKey = $(public provider),
    s,^Endpoint.*,Endpoint = 203.0.113.162:51820," "$compose_folder/config/wg0.conf"
health_folder=$compose_folder
of_health() { COMPOSE_PROJECT_NAME=culvert-e2e-health WEB_PORT=8081 compose_folder=$health_folder "$@"; }
check sidecar "another stack for the health check: healthy" of_health up_and_healthy
forgotten=$(of_health id_of vpn)
docker events --filter "container=$forgotten" --filter event=health_status --format '{{.TimeNano}} {{.Action}}' >"$scratch/health" 2>/dev/null &
handshake_age=$(docker exec "$forgotten" culvert status --json | python3 -c "import json, sys; print(json.load(sys.stdin)['tunnels'][0]['peers'][0]['handshake_age_seconds'])")
fresh_until=$(($(date +%s) + 180 - handshake_age))
ip -n culvert-e2e-provider link delete cve2e9
ip netns exec culvert-e2e-provider nft 'add table inet off; add chain inet off in { type filter hook input priority 0; policy drop; }'

turns_unhealthy() {
    within $((fresh_until + 30 - $(date +%s))) grep -q unhealthy "$scratch/health" || return 1
    local turned
    turned=$(awk '/unhealthy/ { print int($1 / 1e9); exit }' "$scratch/health")
    echo "asked every 2 s, believed after $((turned - fresh_until)) s" >&3
    same "not healthy: the last handshake is older than 180 s" "$(docker exec "$forgotten" culvert health || true)" || return 1
    # HEALTHCHECK believes it after three times of asking.
    ((turned >= fresh_until && turned <= fresh_until + 20)) && is_forgotten unhealthy
}
is_forgotten() { same "$1" "$(docker inspect --format '{{.State.Health.Status}}' "$forgotten")"; }
comes_back() {
    local begin=$SECONDS
    ip netns exec culvert-e2e-provider nft delete table inet off
    provider_answers && within 60 is_forgotten healthy && docker exec "$forgotten" culvert health && echo "after $((SECONDS - begin)) s" >&3
}
health_rows() {
    say sidecar-health
    check sidecar "the peer is gone, the handshake 180 s old: unhealthy" turns_unhealthy
    check sidecar "the peer is back: healthy" comes_back
    check sidecar "docker-compose down" of_health down
    leave provider
}
later+=(health_rows)
