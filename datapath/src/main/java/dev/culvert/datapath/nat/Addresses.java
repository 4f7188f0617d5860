package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;

/** Addresses as 128-bit numbers in two longs; IPv4 as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2). */
final class Addresses {
    private static final long V4_MAPPED = 0xffff_0000_0000L;

    private Addresses() {}

    /** The lower half for an IPv4 address; the upper half is 0. */
    static long lowOfV4(int address) {
        return V4_MAPPED | (address & 0xffff_ffffL);
    }

    static long high(MemorySegment buf, long at, boolean v4) {
        return v4 ? 0 : NetworkOrder.get64(buf, at);
    }

    static long low(MemorySegment buf, long at, boolean v4) {
        return v4 ? lowOfV4(NetworkOrder.get32(buf, at)) : NetworkOrder.get64(buf, at + 8);
    }

    static long high(InetAddress address) {
        return half(address.getAddress(), 0);
    }

    static long low(InetAddress address) {
        return half(address.getAddress(), 8);
    }

    private static long half(byte[] bytes, int from) {
        if (bytes.length == 4) {
            return from == 0 ? 0 : lowOfV4((int) number(bytes, 0, 4));
        }
        return number(bytes, from, 8);
    }

    private static long number(byte[] bytes, int from, int count) {
        long number = 0;
        for (int i = 0; i < count; i++) {
            number = (number << 8) | (bytes[from + i] & 0xff);
        }
        return number;
    }

    /** Bytes of an address in a packet. */
    static int bytes(boolean v4) {
        return v4 ? 4 : (Ipv6.DESTINATION_OFFSET - Ipv6.SOURCE_OFFSET);
    }
}
