package dev.culvert.killswitch.leaktest;

/** How a probe is sent. */
public enum SocketKind {
    /** As any program does, by the routes. */
    PLAIN,
    /** Bound to the uplink (SO_BINDTODEVICE): routes do not hold it back. */
    BOUND,
    /** Bound, and with the program's own mark (SO_MARK). */
    MARKED,
    /** Bound, with an IP header of its own (SOCK_RAW, IPPROTO_RAW). */
    RAW_IP,
    /** A frame with all its headers (AF_PACKET): it does not come past the IP layer. */
    PACKET,
    /** The same past the queueing discipline too (PACKET_QDISC_BYPASS). */
    PACKET_BYPASS;

    boolean takesFrames() {
        return this == PACKET || this == PACKET_BYPASS;
    }
}
