start_stack hub-failover
write_secrets hub1 hub2 hub3
export A_PUBLIC_KEY=$(public a) B1_PUBLIC_KEY=$(public b1) B1_ENDPOINT=203.0.113.10:51820
export B2_PUBLIC_KEY=$(public b2) B2_ENDPOINT=203.0.113.10:51821
place a 1
place b 2
first_line() {
    wireguard b cve2e2 10.9.1.1/24 b1 listen-port 51820 peer "$(public hub2)" allowed-ips 10.9.1.2/32,10.8.0.0/24
    ip -n culvert-e2e-b route add 10.8.0.0/24 dev cve2e2 metric 1
}
first_line
wireguard b cve2e3 10.9.2.1/24 b2 listen-port 51821 peer "$(public hub3)" allowed-ips 10.9.2.2/32,10.8.0.0/24
ip -n culvert-e2e-b route add 10.8.0.0/24 dev cve2e3 metric 2
ip -n culvert-e2e-b address add 10.9.0.1/32 dev lo
web b 80
ip netns exec culvert-e2e-b python3 "$e2e/lasting.py" serve 7 &
capture "udp portrange 51820-51821 or $refused_calls"
check hub-failover "docker-compose up: healthy" up_and_healthy
# Not before: the host's connection tracking would remember that nobody was there.
wireguard a cve2e1 10.8.0.2/32 a peer "$(public hub1)" endpoint 198.51.100.2:51820 allowed-ips 10.9.0.0/24 persistent-keepalive 5
ip -n culvert-e2e-a route add 10.9.0.0/24 dev cve2e1
check hub-failover "A reaches B, which sees A" seen_as 10.8.0.2 a 10.9.0.1
goes_by() { nsenter --target "$(docker inspect --format '{{.State.Pid}}' "$(id_of vpn)")" --net -- ip route get 10.9.0.1 | grep -q "dev $1 "; }
check hub-failover "by the first line" within 15 goes_by wg2
ip netns exec culvert-e2e-a python3 "$e2e/lasting.py" call 10.9.0.1 7 "$scratch/enough" >"$scratch/longest" 2>&1 &
lasting=$!
sleep 1
ip -n culvert-e2e-b link delete cve2e2
check hub-failover "the first line dies: by the second one" within 30 goes_by wg3
first_line
check hub-failover "the first line is back: by it again" within 30 goes_by wg2
lived_on() {
    sleep 1
    touch "$scratch/enough"
    wait $lasting
    local longest
    longest=$(tail -n 1 "$scratch/longest")
    echo "waited for $longest s at most" >&3
    grep -qx '[0-9.]*' <<<"$longest"
}
check hub-failover "the TCP connection has lived on" lived_on
kill_vpn
check hub-failover "kill -9: A reaches nothing" not seen_from a 10.9.0.1 3
check hub-failover "no frame beside the tunnels" no_stray_frames
leave a b
check hub-failover "docker-compose down" down
