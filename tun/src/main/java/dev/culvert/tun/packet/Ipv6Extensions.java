package dev.culvert.tun.packet;

import java.lang.foreign.MemorySegment;

/**
 * The chain of extension headers between an IPv6 header and its transport header (RFC 8200 §4).
 * Hop-by-hop, routing and destination options are walked over; a fragment header, or anything else,
 * ends the walk and is what {@link #protocol} says.
 */
public final class Ipv6Extensions {
    /** What {@link #walk} answers for a chain that runs past the end of the packet. */
    public static final long TRUNCATED = -1;

    private static final long ROUTED = 1L << 40;

    private Ipv6Extensions() {}

    /**
     * Walks the chain of the packet of {@code length} bytes at {@code offset}, which has at least a
     * whole IPv6 header.
     *
     * @return what {@link #protocol}, {@link #headerBytes} and {@link #routed} take apart, or
     *     {@link #TRUNCATED}
     */
    public static long walk(MemorySegment segment, long offset, int length) {
        int next = Ipv6.nextHeader(segment, offset);
        int at = Ipv6.HEADER_BYTES;
        long routed = 0;
        while (next == Ipv6.HOP_BY_HOP
                || next == Ipv6.ROUTING
                || next == Ipv6.DESTINATION_OPTIONS) {
            if (length - at < 8) {
                return TRUNCATED;
            }
            if (next == Ipv6.ROUTING && NetworkOrder.get8(segment, offset + at + 3) != 0) {
                routed = ROUTED;
            }
            next = NetworkOrder.get8(segment, offset + at);
            at += (NetworkOrder.get8(segment, offset + at + 1) + 1) << 3;
            if (at > length) {
                return TRUNCATED;
            }
        }
        return routed | (long) next << 32 | at;
    }

    /** The protocol behind the chain. */
    public static int protocol(long walked) {
        return (int) (walked >>> 32) & 0xff;
    }

    /** Bytes from the start of the packet to the header of that protocol. */
    public static int headerBytes(long walked) {
        return (int) walked;
    }

    /**
     * Whether a routing header has segments left: the destination in the IPv6 header is then not
     * the one that transport checksums cover (RFC 8200 §8.1).
     */
    public static boolean routed(long walked) {
        return (walked & ROUTED) != 0;
    }
}
