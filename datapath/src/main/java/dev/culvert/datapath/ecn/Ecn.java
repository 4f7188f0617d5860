package dev.culvert.datapath.ecn;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import java.lang.foreign.MemorySegment;

/** The two ECN bits of TOS and traffic class, on the way in and out of a tunnel (RFC 6040 §4). */
public final class Ecn {
    public static final int MASK = 3;
    public static final int NOT_ECT = 0;
    public static final int ECT_1 = 1;
    public static final int ECT_0 = 2;

    /** Congestion experienced. */
    public static final int CE = 3;

    /** What {@link #decapsulated} answers for a packet that has to be dropped. */
    public static final int DROP = -1;

    private static final int IPV6_SHIFT = 20;

    private Ecn() {}

    /** TOS of an IPv4 or traffic class of an IPv6 packet, by its version nibble. */
    public static int innerTos(MemorySegment buf, long offset) {
        return NetworkOrder.get8(buf, offset) >>> 4 == 4
                ? Ipv4.tos(buf, offset)
                : Ipv6.trafficClass(buf, offset);
    }

    /** The outer TOS for an inner one: the ECN field alone, copied (normal mode, RFC 6040 §4.1). */
    public static int encapsulated(int innerTos) {
        return innerTos & MASK;
    }

    /**
     * The inner ECN field after decapsulation (RFC 6040 §4.2, figure 4), or {@link #DROP}: a mark
     * on a packet whose sender would not understand it is the loss that it stands for.
     */
    public static int decapsulated(int inner, int outer) {
        if (outer == CE) {
            return inner == NOT_ECT ? DROP : CE;
        }
        return inner == ECT_0 && outer == ECT_1 ? ECT_1 : inner;
    }

    /**
     * Hands the outer ECN field of a received packet to the inner IP header, keeping its checksum
     * right.
     *
     * @param offset of an inner packet whose header is whole
     * @return false: the packet has to be dropped
     */
    public static boolean decapsulate(MemorySegment buf, long offset, int outerTos) {
        int outer = outerTos & MASK;
        if (outer == NOT_ECT || outer == ECT_0) {
            return true;
        }
        int innerTos = innerTos(buf, offset);
        int after = decapsulated(innerTos & MASK, outer);
        if (after == DROP) {
            return false;
        }
        if (after != (innerTos & MASK)) {
            setTos(buf, offset, (innerTos & ~MASK) | after);
        }
        return true;
    }

    private static void setTos(MemorySegment buf, long offset, int tos) {
        if (NetworkOrder.get8(buf, offset) >>> 4 == 4) {
            int before = NetworkOrder.get16(buf, offset);
            int after = (before & 0xff00) | tos;
            int checksum = NetworkOrder.get16(buf, offset + Ipv4.CHECKSUM_OFFSET);
            NetworkOrder.put16(buf, offset, after);
            NetworkOrder.put16(
                    buf, offset + Ipv4.CHECKSUM_OFFSET, Checksum.update16(checksum, before, after));
        } else {
            int word = Ipv6.firstWord(buf, offset) & ~(0xff << IPV6_SHIFT);
            NetworkOrder.put32(buf, offset, word | (tos << IPV6_SHIFT));
        }
    }
}
