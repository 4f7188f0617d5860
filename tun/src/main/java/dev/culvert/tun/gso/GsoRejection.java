package dev.culvert.tun.gso;

import java.util.Locale;

/** Why {@link GsoSplitter#begin} refused what it was given. On the packet path a negative int. */
public enum GsoRejection {
    /** Shorter than the virtio header and one byte, or than the headers that it announces. */
    TRUNCATED(-1),
    /** More bytes than an IP packet can have. */
    TOO_LONG(-2),
    /** A gso type that is not TCPv4, TCPv6 or UDP_L4, or one that does not fit the IP version. */
    TYPE(-3),
    /** A gso size of zero. */
    SIZE(-4),
    /** The partial checksum points outside of the packet. */
    CHECKSUM_RANGE(-5),
    /** An IPv4 header length below 20, or a chain of IPv6 extension headers beyond bounds. */
    IP_HEADER(-6),
    /** The IP header gives another length than was read. */
    LENGTH(-7),
    /** A fragment cannot be a super-packet. */
    FRAGMENT(-8),
    /** The transport protocol is not the one that the gso type names. */
    PROTOCOL(-9),
    /** A TCP data offset below 20 bytes. */
    TRANSPORT_HEADER(-10),
    /** A routing header with segments left, and no partial checksum that knows the destination. */
    ROUTING_HEADER(-11);

    private final int code;

    GsoRejection(int code) {
        this.code = code;
    }

    /** Below zero. */
    public int code() {
        return code;
    }

    /**
     * The rejection behind a negative answer.
     *
     * @throws IllegalArgumentException when the code is none
     */
    public static GsoRejection of(int code) {
        for (GsoRejection rejection : values()) {
            if (rejection.code == code) {
                return rejection;
            }
        }
        throw new IllegalArgumentException("not a rejection: " + code);
    }

    /** {@code gso-checksum-range}: as counters are named. */
    public String label() {
        return "gso-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
