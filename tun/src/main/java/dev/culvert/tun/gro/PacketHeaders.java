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
        if (Ipv4.headerBytes(buffer, offset) == Ipv4.HEADER_BYTES
                && Ipv4.totalLength(buffer, offset) == length
                && (Ipv4.flags(buffer, offset) & ~Ipv4.DONT_FRAGMENT) == 0) {
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
        if (v4 != other.v4 || tcp != other.tcp || flowHash != other.flowHash) {
            return false;
        }
        int addresses = v4 ? Ipv4.SOURCE_OFFSET : Ipv6.SOURCE_OFFSET;
        int bytes = transportOffset - addresses + 4;
        return sameBytes(other, addresses, bytes);
    }

    /**
     * Whether two packets of one flow have equal headers, but for what a super-packet's segments
     * differ in: lengths, checksums, IPv4 id, TCP sequence number and PSH.
     */
    boolean sameHeaders(PacketHeaders other) {
        if (headerBytes != other.headerBytes) {
            return false;
        }
        boolean sameIp =
                v4
                        ? sameBytes(other, Ipv4.VERSION_OFFSET, 2)
                                && sameBytes(other, Ipv4.FLAGS_OFFSET, 4)
                        : sameBytes(other, Ipv6.VERSION_OFFSET, 4)
                                && sameBytes(other, Ipv6.NEXT_HEADER_OFFSET, 2);
        if (!sameIp || !tcp) {
            return sameIp;
        }
        long mine = offset + transportOffset;
        long theirs = other.offset + transportOffset;
        int flagsDiffer = Tcp.flags(buffer, mine) ^ Tcp.flags(other.buffer, theirs);
        int at = transportOffset;
        return (flagsDiffer & ~Tcp.PSH) == 0
                && sameBytes(other, at + Tcp.ACKNOWLEDGMENT_OFFSET, 4)
                && sameBytes(other, at + Tcp.WINDOW_OFFSET, 2)
                && sameBytes(other, at + Tcp.URGENT_OFFSET, headerBytes - at - Tcp.URGENT_OFFSET);
    }

    /** Compares {@code bytes} bytes, an even number, at the same place in both packets. */
    private boolean sameBytes(PacketHeaders other, int at, int bytes) {
        long mine = offset + at;
        long theirs = other.offset + at;
        int i = 0;
        for (; i + 4 <= bytes; i += 4) {
            if (NetworkOrder.get32(buffer, mine + i)
                    != NetworkOrder.get32(other.buffer, theirs + i)) {
                return false;
            }
        }
        return i == bytes
                || NetworkOrder.get16(buffer, mine + i)
                        == NetworkOrder.get16(other.buffer, theirs + i);
    }
}
