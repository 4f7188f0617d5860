package dev.culvert.tun.gro;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * What coalescing wants to know of one packet: a view that is moved from packet to packet.
 *
 * <p>A packet has a {@link #hasFlow() flow} when it is whole (no fragment), its IP header is plain
 * (no IPv4 options, no IPv6 extension headers), and TCP or UDP follows. A packet with a flow is
 * {@link #mergeable()} when its own fields allow it to be part of a super-packet.
 */
final class PacketHeaders {
    private static final int TCP_FLAGS_OF_DATA = Tcp.ACK | Tcp.PSH | Tcp.ECE;
    private static final int TCP_FLAG_BITS = 0xff;

    /** The first byte of an IPv4 header without options. */
    private static final long PLAIN_V4 = 0x45;

    // Which bits of a header's words are the same in all segments of a super-packet.

    /** Version, header length and TOS; not total length and id; flags and fragment offset. */
    private static final long V4_ALIKE = 0xffff_0000_0000_ffffL;

    /** Version, traffic class and flow label; not payload length; next header and hop limit. */
    private static final long V6_ALIKE = 0xffff_ffff_0000_ffffL;

    /** Acknowledgment, header length and flags but for PSH, window. */
    private static final long TCP_ALIKE = ~((long) Tcp.PSH << 16);

    /** Odd constants with well mixed bits: fractional parts of the golden ratio and of pi. */
    private static final long MIX_1 = 0x9e37_79b9_7f4a_7c15L;

    private static final long MIX_2 = 0x243f_6a88_85a3_08d3L;

    MemorySegment buffer = MemorySegment.NULL;
    long offset;
    int length;

    boolean v4;
    boolean tcp;

    /** From the start of the packet to its TCP or UDP header. */
    int transportOffset;

    /** IP and transport header. */
    int headerBytes;

    int payloadBytes;

    /** Over source and destination address. */
    long pairHash;

    /** Over addresses, ports and protocol. */
    long flowHash;

    private boolean hasAddresses;
    private boolean hasFlow;
    private boolean mergeable;

    void moveTo(MemorySegment buf, long packetOffset, int packetLength) {
        buffer = buf;
        offset = packetOffset;
        length = packetLength;
        hasAddresses = false;
        hasFlow = false;
        mergeable = false;
        if (packetLength >= Ipv4.HEADER_BYTES) {
            int version = NetworkOrder.get8(buf, packetOffset) >>> 4;
            if (version == 4) {
                readV4();
            } else if (version == 6 && packetLength >= Ipv6.HEADER_BYTES) {
                readV6();
            }
        }
    }

    private void readV4() {
        v4 = true;
        hasAddresses = true;
        pairHash = mix(NetworkOrder.get64(buffer, offset + Ipv4.SOURCE_OFFSET));
        transportOffset = Ipv4.HEADER_BYTES;
        // Version and header length, TOS, total length, id, flags and fragment offset.
        long word = NetworkOrder.get64(buffer, offset);
        if (word >>> 56 == PLAIN_V4
                && (word >>> 32 & 0xffff) == length
                && (word & 0xffff & ~Ipv4.DONT_FRAGMENT) == 0) {
            readTransport(Ipv4.protocol(buffer, offset));
        }
    }

    private void readV6() {
        v4 = false;
        hasAddresses = true;
        long source = offset + Ipv6.SOURCE_OFFSET;
        long hash = mix(NetworkOrder.get64(buffer, source));
        hash = mix(hash ^ NetworkOrder.get64(buffer, source + 8));
        hash = mix(hash ^ NetworkOrder.get64(buffer, source + 16));
        pairHash = mix(hash ^ NetworkOrder.get64(buffer, source + 24));
        transportOffset = Ipv6.HEADER_BYTES;
        if (Ipv6.payloadLength(buffer, offset) == length - Ipv6.HEADER_BYTES) {
            readTransport(Ipv6.nextHeader(buffer, offset));
        }
    }

    private static long mix(long value) {
        long product = (value ^ MIX_2) * MIX_1;
        return product ^ product >>> 32;
    }

    private void readTransport(int protocol) {
        long transport = offset + transportOffset;
        int transportBytes = length - transportOffset;
        if (protocol == Tcp.PROTOCOL && transportBytes >= Tcp.HEADER_BYTES) {
            tcp = true;
            hasFlow = true;
            int tcpHeaderBytes = Tcp.headerBytes(buffer, transport);
            int flags = Tcp.flags(buffer, transport) & TCP_FLAG_BITS;
            headerBytes = transportOffset + tcpHeaderBytes;
            payloadBytes = length - headerBytes;
            mergeable =
                    tcpHeaderBytes >= Tcp.HEADER_BYTES
                            && payloadBytes > 0
                            && (flags & Tcp.ACK) != 0
                            && (flags & ~TCP_FLAGS_OF_DATA) == 0;
        } else if (protocol == Udp.PROTOCOL && transportBytes >= Udp.HEADER_BYTES) {
            tcp = false;
            hasFlow = true;
            headerBytes = transportOffset + Udp.HEADER_BYTES;
            payloadBytes = length - headerBytes;
            mergeable =
                    payloadBytes > 0
                            && Udp.length(buffer, transport) == transportBytes
                            && Udp.checksum(buffer, transport) != 0;
        }
        if (hasFlow) {
            // TCP and UDP have their ports at the same place.
            flowHash =
                    mix(pairHash ^ NetworkOrder.get32(buffer, transport) ^ (long) protocol << 32);
        }
    }

    boolean hasAddresses() {
        return hasAddresses;
    }

    boolean hasFlow() {
        return hasFlow;
    }

    boolean mergeable() {
        return mergeable;
    }

    boolean push() {
        return tcp && (Tcp.flags(buffer, offset + transportOffset) & Tcp.PSH) != 0;
    }

    int sequence() {
        return Tcp.sequence(buffer, offset + transportOffset);
    }

    int id() {
        return Ipv4.id(buffer, offset);
    }

    boolean dontFragment() {
        return (Ipv4.flags(buffer, offset) & Ipv4.DONT_FRAGMENT) != 0;
    }

    /** Whether the checksums of this packet are right: of the IPv4 header, and of TCP or UDP. */
    boolean checksumsRight() {
        int transportBytes = length - transportOffset;
        int protocol = tcp ? Tcp.PROTOCOL : Udp.PROTOCOL;
        int pseudo;
        if (v4) {
            if (Checksum.sum(buffer, offset, Ipv4.HEADER_BYTES) != 0xffff) {
                return false;
            }
            pseudo = Checksum.pseudoHeaderV4(buffer, offset, protocol, transportBytes);
        } else {
            pseudo = Checksum.pseudoHeaderV6(buffer, offset, protocol, transportBytes);
        }
        int sum = Checksum.sum(buffer, offset + transportOffset, transportBytes);
        return Checksum.add(pseudo, sum) == 0xffff;
    }

    /** Whether the packet at {@code other}, which has a flow too, is of the same flow. */
    boolean sameFlow(PacketHeaders other) {
        return v4 == other.v4
                && tcp == other.tcp
                && flowHash == other.flowHash
                && (v4 ? sameAddressesV4(other) : sameAddressesV6(other))
                && differing32(other, transportOffset) == 0;
    }

    private boolean sameAddressesV4(PacketHeaders other) {
        return differing64(other, Ipv4.SOURCE_OFFSET) == 0;
    }

    private boolean sameAddressesV6(PacketHeaders other) {
        int at = Ipv6.SOURCE_OFFSET;
        return (differing64(other, at)
                        | differing64(other, at + 8)
                        | differing64(other, at + 16)
                        | differing64(other, at + 24))
                == 0;
    }

    /**
     * Whether two packets of one flow have equal headers, but for what a super-packet's segments
     * differ in: lengths, checksums, IPv4 id, TCP sequence number and PSH.
     */
    boolean sameHeaders(PacketHeaders other) {
        if (headerBytes != other.headerBytes) {
            return false;
        }
        long ip = differing64(other, 0) & (v4 ? V4_ALIKE : V6_ALIKE);
        if (v4) {
            ip |= differing16(other, Ipv4.TTL_OFFSET); // and the protocol behind it
        }
        if (ip != 0 || !tcp) {
            return ip == 0;
        }
        int at = transportOffset;
        long fields = differing64(other, at + Tcp.ACKNOWLEDGMENT_OFFSET) & TCP_ALIKE;
        return (fields | differing16(other, at + Tcp.URGENT_OFFSET)) == 0 && sameOptions(other);
    }

    private boolean sameOptions(PacketHeaders other) {
        int differing = 0;
        for (int at = transportOffset + Tcp.HEADER_BYTES; at < headerBytes; at += 4) {
            differing |= differing32(other, at);
        }
        return differing == 0;
    }

    /** The bits in which 8 bytes at the same place of both packets differ, in network order. */
    private long differing64(PacketHeaders other, int at) {
        return NetworkOrder.get64(buffer, offset + at)
                ^ NetworkOrder.get64(other.buffer, other.offset + at);
    }

    private int differing32(PacketHeaders other, int at) {
        return NetworkOrder.get32(buffer, offset + at)
                ^ NetworkOrder.get32(other.buffer, other.offset + at);
    }

    private int differing16(PacketHeaders other, int at) {
        return NetworkOrder.get16(buffer, offset + at)
                ^ NetworkOrder.get16(other.buffer, other.offset + at);
    }
}
