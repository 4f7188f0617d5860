package dev.culvert.datapath.udp;

/**
 * Which families a socket may be opened for; of these, what the host has is used.
 *
 * @param ipv4 AF_INET
 * @param ipv6 AF_INET6
 */
record UdpFamilies(boolean ipv4, boolean ipv6) {
    static final UdpFamilies BOTH = new UdpFamilies(true, true);

    boolean has(boolean wantsIpv6) {
        return wantsIpv6 ? ipv6 : ipv4;
    }
}
