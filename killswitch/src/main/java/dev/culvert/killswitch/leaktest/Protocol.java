package dev.culvert.killswitch.leaktest;

/** What a probe looks like. */
public enum Protocol {
    /** A SYN to port 443. */
    TCP,
    /** A datagram to port 4433. */
    UDP,
    /** An echo request. */
    ICMP,
    /** A query to port 53. */
    DNS
}
