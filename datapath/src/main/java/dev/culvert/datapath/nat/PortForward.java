package dev.culvert.datapath.nat;

import java.net.InetAddress;

/**
 * What comes in to a port of the tunnel's address goes to somebody else.
 *
 * @param protocol TCP or UDP, as an IP protocol number
 * @param port outside
 * @param target of the same IP version as the tunnel's address
 * @param targetPort inside
 */
public record PortForward(int protocol, int port, InetAddress target, int targetPort) {}
