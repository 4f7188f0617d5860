start_stack double-vpn
# The inner provider is somewhere else in the world; it sees the outer provider's address.
place inner 7
export INNER_ENDPOINT=203.0.113.30
wireguard inner cve2e7 10.77.0.1/24 inner listen-port 51999 peer "$(public inner-client)" allowed-ips 10.77.0.2/32
ip netns exec culvert-e2e-inner sysctl -qw net.ipv4.ip_forward=1
ip -n $world route add 10.77.0.0/24 via $INNER_ENDPOINT # so that the web site sees the inner exit as it is
mv "$compose_folder/config/wg0.conf" "$compose_folder/config/outer.conf"
cat >"$compose_folder/config/inner.conf" <<CONF
[Interface]
PrivateKey = $(key inner-client)
Address = 10.77.0.2/32
[Peer]
PublicKey = $(public inner)
AllowedIPs = 0.0.0.0/0
Endpoint = $INNER_ENDPOINT:51999
PersistentKeepalive = 5
CONF
capture
check double-vpn "docker-compose up: healthy" up_and_healthy
exits() { same 10.77.0.2 "$(in_app "$(fetch $site)")"; }
check double-vpn "traffic exits by the inner tunnel" exits
inner_sees() { local seen; seen=$(wg show cve2e7 endpoints | cut -f 2); same $exit_address "${seen%:*}"; }
check double-vpn "the inner server sees the outer provider" inner_sees
within_vpn() { nsenter --target "$(docker inspect --format '{{.State.Pid}}' "$(id_of vpn)")" --net -- "$@"; }
check double-vpn "a full packet of the inner tunnel passes" within_vpn ping -q -c 1 -W 3 -M do -s 1312 10.77.0.1
check double-vpn "no frame but the outer tunnel's" no_stray_frames
capture
app=$(id_of app)
wg set cve2e0 peer "$(public client)" remove # the outer provider does not know us any more
check double-vpn "without the outer tunnel: nothing" not docker exec "$app" python3 -c "$(fetch $site 3)"
wg set cve2e0 peer "$(public client)" allowed-ips $exit_address/32
check double-vpn "it is back" within 30 exits
kill_vpn
check double-vpn "kill -9: the program reaches nothing" not docker exec "$app" python3 -c "$(fetch $site 3)"
check double-vpn "no frame but the outer tunnel's" no_stray_frames
ip -n $world route del 10.77.0.0/24
leave inner
check double-vpn "docker-compose down" down
