package dev.culvert.datapath.icmp;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.Ipv6Extensions;
import dev.culvert.tun.packet.NetworkOrder;
import java.lang.foreign.MemorySegment;

/**
 * Builds the error that answers a packet:
 *
 * <pre>
 * IPv4 header (20) | type 3 code 1 checksum 0 (8) | the packet, up to 576 bytes in all (RFC 1812)
 * IPv6 header (40) | type 1 code 3 checksum 0 (8) | the packet, up to 1280 bytes in all (RFC 4443)
 * </pre>
 *
 * <p>It seems to come from the address that could not be reached: an address of ours would be a
 * martian source to our own host, and this one always passes its reverse path filter, as the packet
 * was routed into the TUN.
 */
final class Unreachable {
    static final int MAX_V4_BYTES = 576;
    static final int MAX_V6_BYTES = 1280;

    private static final int TTL = 64;

    /** Precedence "internetwork control", as routers send errors (RFC 1812 §4.3.2.5). */
    private static final int V4_TOS = 0xc0;

    private static final int VERSION_4_HEADER_20 = 0x45;
    private static final int FRAGMENT_OFFSET_MASK = 0x1fff;
    private static final int ICMP_SOURCE_QUENCH = 4;
    private static final int ICMP_REDIRECT = 5;
    private static final int ICMP_TIME_EXCEEDED = 11;
    private static final int ICMP_PARAMETER_PROBLEM = 12;
    private static final int ICMPV6_INFORMATIONAL = 128;
    private static final int ADDRESS_BYTES = 16;

    /** What stands in the way: nobody is there, or a rule. */
    enum Code {
        UNREACHABLE(Icmp.V4_HOST_UNREACHABLE, Icmp.V6_ADDRESS_UNREACHABLE),
        PROHIBITED(Icmp.V4_ADMINISTRATIVELY_PROHIBITED, Icmp.V6_ADMINISTRATIVELY_PROHIBITED);

        private final int v4;
        private final int v6;

        Code(int v4, int v6) {
            this.v4 = v4;
            this.v6 = v6;
        }
    }

    private Unreachable() {}

    /**
     * Writes the answer to the packet of {@code length} bytes at {@code offset}.
     *
     * @return its length, or 0: this packet must not be answered
     */
    static int build(
            Code code, MemorySegment buf, long offset, int length, MemorySegment out, long outAt) {
        int version = length == 0 ? 0 : NetworkOrder.get8(buf, offset) >>> 4;
        if (version == 4 && length >= Ipv4.HEADER_BYTES) {
            return mayAnswerV4(buf, offset, length)
                    ? buildV4(code, buf, offset, length, out, outAt)
                    : 0;
        }
        if (version == 6 && length >= Ipv6.HEADER_BYTES) {
            return mayAnswerV6(buf, offset, length)
                    ? buildV6(code, buf, offset, length, out, outAt)
                    : 0;
        }
        return 0;
    }

    /** RFC 1122 §3.2.2: no error about an error, a later fragment, or anything not unicast. */
    private static boolean mayAnswerV4(MemorySegment buf, long offset, int length) {
        int header = Ipv4.headerBytes(buf, offset);
        if (header < Ipv4.HEADER_BYTES
                || length < header
                || (Ipv4.flags(buf, offset) & FRAGMENT_OFFSET_MASK) != 0
                || !unicast(Ipv4.destination(buf, offset))
                || !unicast(Ipv4.source(buf, offset))) {
            return false;
        }
        if (Ipv4.protocol(buf, offset) != Icmp.PROTOCOL_V4) {
            return true;
        }
        if (length == header) {
            return false;
        }
        return switch (NetworkOrder.get8(buf, offset + header)) {
            case Icmp.V4_UNREACHABLE,
                    ICMP_SOURCE_QUENCH,
                    ICMP_REDIRECT,
                    ICMP_TIME_EXCEEDED,
                    ICMP_PARAMETER_PROBLEM ->
                    false;
            default -> true;
        };
    }

    /** Neither 0/8, nor multicast, reserved or the broadcast address. */
    private static boolean unicast(int address) {
        int first = address >>> 24;
        return first != 0 && first < 224;
    }

    /** RFC 4443 §2.4 (e). */
    private static boolean mayAnswerV6(MemorySegment buf, long offset, int length) {
        if (NetworkOrder.get8(buf, offset + Ipv6.DESTINATION_OFFSET) == 0xff
                || NetworkOrder.get8(buf, offset + Ipv6.SOURCE_OFFSET) == 0xff
                || unspecified(buf, offset + Ipv6.SOURCE_OFFSET)) {
            return false;
        }
        long walked = Ipv6Extensions.walk(buf, offset, length);
        if (walked == Ipv6Extensions.TRUNCATED) {
            return false;
        }
        if (Ipv6Extensions.protocol(walked) != Icmp.PROTOCOL_V6) {
            return true;
        }
        int header = Ipv6Extensions.headerBytes(walked);
        return length > header && NetworkOrder.get8(buf, offset + header) >= ICMPV6_INFORMATIONAL;
    }

    private static boolean unspecified(MemorySegment buf, long offset) {
        return NetworkOrder.get64(buf, offset) == 0 && NetworkOrder.get64(buf, offset + 8) == 0;
    }

    private static int buildV4(
            Code code, MemorySegment buf, long offset, int length, MemorySegment out, long outAt) {
        long icmp = outAt + Ipv4.HEADER_BYTES;
        int quoted = Math.min(length, MAX_V4_BYTES - Ipv4.HEADER_BYTES - Icmp.HEADER_BYTES);
        int total = Ipv4.HEADER_BYTES + Icmp.HEADER_BYTES + quoted;
        NetworkOrder.put16(out, outAt, (VERSION_4_HEADER_20 << 8) | V4_TOS);
        NetworkOrder.put16(out, outAt + Ipv4.TOTAL_LENGTH_OFFSET, total);
        NetworkOrder.put32(out, outAt + Ipv4.ID_OFFSET, 0);
        NetworkOrder.put16(out, outAt + Ipv4.TTL_OFFSET, (TTL << 8) | Icmp.PROTOCOL_V4);
        NetworkOrder.put32(out, outAt + Ipv4.SOURCE_OFFSET, Ipv4.destination(buf, offset));
        NetworkOrder.put32(out, outAt + Ipv4.DESTINATION_OFFSET, Ipv4.source(buf, offset));
        Ipv4.writeChecksum(out, outAt, Ipv4.HEADER_BYTES);
        NetworkOrder.put16(out, icmp, (Icmp.V4_UNREACHABLE << 8) | code.v4);
        quote(buf, offset, quoted, out, icmp);
        int sum = Checksum.sum(out, icmp, Icmp.HEADER_BYTES + quoted);
        NetworkOrder.put16(out, icmp + Icmp.CHECKSUM_OFFSET, Checksum.complement(sum));
        return total;
    }

    private static int buildV6(
            Code code, MemorySegment buf, long offset, int length, MemorySegment out, long outAt) {
        long icmp = outAt + Ipv6.HEADER_BYTES;
        int quoted = Math.min(length, MAX_V6_BYTES - Ipv6.HEADER_BYTES - Icmp.HEADER_BYTES);
        int payload = Icmp.HEADER_BYTES + quoted;
        NetworkOrder.put32(out, outAt, 6 << 28);
        NetworkOrder.put16(out, outAt + Ipv6.PAYLOAD_LENGTH_OFFSET, payload);
        NetworkOrder.put16(out, outAt + Ipv6.NEXT_HEADER_OFFSET, (Icmp.PROTOCOL_V6 << 8) | TTL);
        MemorySegment.copy(
                buf,
                offset + Ipv6.DESTINATION_OFFSET,
                out,
                outAt + Ipv6.SOURCE_OFFSET,
                ADDRESS_BYTES);
        MemorySegment.copy(
                buf,
                offset + Ipv6.SOURCE_OFFSET,
                out,
                outAt + Ipv6.DESTINATION_OFFSET,
                ADDRESS_BYTES);
        NetworkOrder.put16(out, icmp, (Icmp.V6_UNREACHABLE << 8) | code.v6);
        quote(buf, offset, quoted, out, icmp);
        int sum =
                Checksum.add(
                        Checksum.sum(out, icmp, payload),
                        Checksum.pseudoHeaderV6(out, outAt, Icmp.PROTOCOL_V6, payload));
        NetworkOrder.put16(out, icmp + Icmp.CHECKSUM_OFFSET, Checksum.complement(sum));
        return Ipv6.HEADER_BYTES + payload;
    }

    /** Checksum and unused word zero, then what the error is about. */
    private static void quote(
            MemorySegment buf, long offset, int quoted, MemorySegment out, long icmp) {
        NetworkOrder.put16(out, icmp + Icmp.CHECKSUM_OFFSET, 0);
        NetworkOrder.put32(out, icmp + Icmp.CHECKSUM_OFFSET + 2, 0);
        MemorySegment.copy(buf, offset, out, icmp + Icmp.HEADER_BYTES, quoted);
    }
}
