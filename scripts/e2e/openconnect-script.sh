#!/bin/sh
# What openconnect calls to set its link up: the web site alone goes that way, so that the server stays reachable.
[ "$reason" = connect ] || exit 0
ip link set "$TUNDEV" up mtu "${INTERNAL_IP4_MTU:-1300}"
ip address add "$INTERNAL_IP4_ADDRESS/32" dev "$TUNDEV"
ip route add "$SITE" dev "$TUNDEV"
