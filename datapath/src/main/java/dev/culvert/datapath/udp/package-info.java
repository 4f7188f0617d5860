/**
 * UDP sockets of the outer transport: both families on one port, segmentation offloads
 * (UDP_SEGMENT, UDP_GRO), sticky source addresses (IP_PKTINFO, IPV6_RECVPKTINFO). The home thread
 * opens and closes; the threads of both directions use a socket between {@code acquire} and {@code
 * release}.
 */
@NullMarked
package dev.culvert.datapath.udp;

import org.jspecify.annotations.NullMarked;
