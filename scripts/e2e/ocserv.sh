#!/bin/sh
# Stands in for azinchen/ocserv-server, which takes a registry: does with VPN_SUBNET and VPN_GATEWAY what that image documents, around Debian's ocserv.
set -e
ip route replace default via "$VPN_GATEWAY" table 100
ip rule add from "$VPN_SUBNET" lookup 100 priority 1000
nft -f - <<NFT
table ip nat {
    chain postrouting {
        type nat hook postrouting priority srcnat
        ip saddr $VPN_SUBNET oif eth0 masquerade
    }
}
NFT
exec ocserv --foreground --config /etc/ocserv/ocserv.conf
