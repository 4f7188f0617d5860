start_stack split-tunnel
export LOCAL_NETWORK=198.51.100.0/24
check split-tunnel "docker-compose up: healthy" up_and_healthy
app_seen_as() { same "$1" "$(in_app "$(fetch "$2")")"; }
check split-tunnel "the local network sees the container's own way" app_seen_as 198.51.100.2 198.51.100.1
check split-tunnel "the rest exits by the tunnel" app_seen_as $exit_address $site
check split-tunnel "the published port answers" published_port_answers
check split-tunnel "docker stop: under 2 s" timeout 2 docker stop --time 5 "$(id_of vpn)"
check split-tunnel "docker-compose down" down
export LOCAL_NETWORK=172.16.0.0/12
