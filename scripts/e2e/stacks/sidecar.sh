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
