start_stack relay
write_secrets relay1 relay2 relay3
export RUNNER_PUBLIC_KEY=$(public runner) SITE_PUBLIC_KEY=$(public site) SITE_ENDPOINT=203.0.113.10:51820
export CLOUD_PUBLIC_KEY=$(public cloud) CLOUD_ENDPOINT=203.0.113.14:51820
place runner 1
place site 2
place cloud 3
wireguard site cve2e2 10.9.0.1/24 site listen-port 51820 peer "$(public relay2)" allowed-ips 10.9.0.2/32
wireguard cloud cve2e3 192.168.99.1/24 cloud listen-port 51820 peer "$(public relay3)" allowed-ips 192.168.99.2/32
wireguard runner cve2e1 10.8.0.2/32 runner peer "$(public relay1)" endpoint 198.51.100.2:51820 allowed-ips 10.8.0.1/32,10.9.0.0/24,192.168.99.0/24
for network in 10.8.0.1 10.9.0.0/24 192.168.99.0/24; do ip -n culvert-e2e-runner route add $network dev cve2e1; done
web site 80
web cloud 80
capture
check relay "docker-compose up: healthy" up_and_healthy
check relay "the runner reaches the site, which sees the relay" seen_as 10.9.0.2 runner 10.9.0.1
check relay "the runner reaches the cloud, which sees the relay" seen_as 192.168.99.2 runner 192.168.99.1
ip -n culvert-e2e-site route add 10.8.0.0/24 via 10.9.0.2
ip -n culvert-e2e-site route add 192.168.99.0/24 via 10.9.0.2
wg set cve2e2 peer "$(public relay2)" allowed-ips 10.9.0.2/32,10.8.0.0/24,192.168.99.0/24
check relay "the site cannot call the runner" not pings site 10.8.0.2 2
check relay "the site cannot call the cloud" not seen_from site 192.168.99.1 3
kill_vpn
check relay "kill -9: the runner reaches nothing" not seen_from runner 10.9.0.1 3
check relay "no frame beside the tunnels" no_stray_frames
leave runner site cloud
check relay "docker-compose down" down
