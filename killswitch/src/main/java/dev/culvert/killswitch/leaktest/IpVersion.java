package dev.culvert.killswitch.leaktest;

import java.net.InetAddress;

/** The version of a probe, and the addresses that its probes go to. */
public enum IpVersion {
    /** To 198.18.0.0/15 (RFC 2544). */
    V4("IPv4"),
    /** To 2001:2::/48 (RFC 5180). */
    V6("IPv6");

    private final String label;

    IpVersion(String label) {
        this.label = label;
    }

    /** For people. */
    public String label() {
        return label;
    }

    /** The address of probe {@code number}, from 1 to 65535. */
    public InetAddress destination(int number) {
        return InetAddress.ofLiteral(
                this == V4
                        ? "198.18." + (number >> 8) + "." + (number & 0xff)
                        : "2001:2::" + Integer.toHexString(number));
    }
}
