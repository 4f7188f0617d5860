package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Icmp;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.Ipv6Extensions;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import java.lang.foreign.MemorySegment;

/** What translation wants to know of one packet: a view that is moved from packet to packet. */
final class FlowHeaders {
    /** What a packet is to translation. */
    enum Kind {
        /** TCP or UDP with its ports, or an ICMP query or answer with its identifier. */
        FLOW,
        /** An ICMP error about another packet. */
        ERROR,
        /** A fragment but the first: addresses and nothing more. */
        LATER_FRAGMENT,
        /** Anything that has no port. */
        OTHER
    }

    private static final int V4_OFFSET_MASK = 0x1fff;
    private static final int V6_OFFSET_MASK = 0xfff8;
    private static final int V6_FRAGMENT_BYTES = 8;

    boolean v4;
    Kind kind = Kind.OTHER;
    int space;

    /** The protocol behind the IP header and its extensions. */
    int protocol;

    /** From the start of the packet to the transport header. */
    int transport;

    /** Whether it is the first of several fragments. */
    boolean firstFragment;

    int fragmentId;

    /** Ports; of an ICMP query the identifier is the source's, of an answer the destination's. */
    int sourcePort;

    int destinationPort;

    /** 0 unless TCP. */
    int tcpFlags;

    /** Whether the transport checksum is there: what an ICMP error quotes may end before it. */
    boolean hasChecksum;

    /** Of the latest {@link #read}, whose packets start here. */
    private MemorySegment buffer = MemorySegment.NULL;

    private long packet;

    /**
     * Moves to a packet.
     *
     * @param length bytes there are; a quoted packet's own length may say more
     * @return false: it is no whole IP header with a whole transport header
     */
    boolean read(MemorySegment buf, long offset, int length) {
        buffer = buf;
        packet = offset;
        firstFragment = false;
        sourcePort = 0;
        destinationPort = 0;
        tcpFlags = 0;
        int version = length == 0 ? 0 : NetworkOrder.get8(buf, offset) >>> 4;
        v4 = version == 4;
        if (v4) {
            return length >= Ipv4.HEADER_BYTES && readV4(length);
        }
        return version == 6 && length >= Ipv6.HEADER_BYTES && readV6(length);
    }

    private boolean readV4(int length) {
        transport = Ipv4.headerBytes(buffer, packet);
        protocol = Ipv4.protocol(buffer, packet);
        if (transport < Ipv4.HEADER_BYTES || transport > length) {
            return false;
        }
        int flags = Ipv4.flags(buffer, packet);
        if ((flags & Ipv4.FRAGMENT_MASK) != 0) {
            fragmentId = Ipv4.id(buffer, packet);
            if ((flags & V4_OFFSET_MASK) != 0) {
                return laterFragment();
            }
            firstFragment = true;
        }
        return readTransport(length);
    }

    private boolean readV6(int length) {
        long walked = Ipv6Extensions.walk(buffer, packet, length);
        if (walked == Ipv6Extensions.TRUNCATED) {
            return false;
        }
        transport = Ipv6Extensions.headerBytes(walked);
        protocol = Ipv6Extensions.protocol(walked);
        if (protocol == Ipv6.FRAGMENT) {
            if (length - transport < V6_FRAGMENT_BYTES) {
                return false;
            }
            long header = packet + transport;
            protocol = NetworkOrder.get8(buffer, header);
            fragmentId = NetworkOrder.get32(buffer, header + 4);
            int offset = NetworkOrder.get16(buffer, header + 2);
            transport += V6_FRAGMENT_BYTES;
            if ((offset & V6_OFFSET_MASK) != 0) {
                return laterFragment();
            }
            firstFragment = (offset & 1) != 0;
        }
        return readTransport(length);
    }

    private boolean laterFragment() {
        kind = Kind.LATER_FRAGMENT;
        space = Space.of(v4, protocol);
        return true;
    }

    private boolean readTransport(int length) {
        space = Space.of(v4, protocol);
        int bytes = length - transport;
        long at = packet + transport;
        if (space == Space.NONE) {
            kind = Kind.OTHER;
            return true;
        }
        if (bytes < Udp.HEADER_BYTES) {
            return false;
        }
        hasChecksum = bytes >= Rewriting.checksumOffset(space) + 2;
        if (Space.isIcmp(space)) {
            readIcmp(at);
            return true;
        }
        kind = Kind.FLOW;
        sourcePort = NetworkOrder.get16(buffer, at);
        destinationPort = NetworkOrder.get16(buffer, at + Tcp.DESTINATION_PORT_OFFSET);
        if (Space.isTcp(space) && bytes >= Tcp.HEADER_BYTES) {
            tcpFlags = Tcp.flags(buffer, at);
        }
        return true;
    }

    private void readIcmp(long at) {
        int type = NetworkOrder.get8(buffer, at);
        kind = Kind.FLOW;
        if (v4 ? IcmpTypes.isQueryV4(type) : type == IcmpTypes.V6_ECHO_REQUEST) {
            sourcePort = NetworkOrder.get16(buffer, at + IcmpTypes.IDENTIFIER_OFFSET);
        } else if (v4 ? IcmpTypes.isAnswerV4(type) : type == IcmpTypes.V6_ECHO_REPLY) {
            destinationPort = NetworkOrder.get16(buffer, at + IcmpTypes.IDENTIFIER_OFFSET);
        } else {
            boolean error = v4 ? IcmpTypes.isErrorV4(type) : IcmpTypes.isErrorV6(type);
            kind = error ? Kind.ERROR : Kind.OTHER;
        }
    }

    /** Whether it is an ICMP query: its identifier is the asking side's. */
    boolean isQuery() {
        int type = NetworkOrder.get8(buffer, packet + transport + Icmp.TYPE_OFFSET);
        return v4 ? IcmpTypes.isQueryV4(type) : type == IcmpTypes.V6_ECHO_REQUEST;
    }

    private int sourceOffset() {
        return v4 ? Ipv4.SOURCE_OFFSET : Ipv6.SOURCE_OFFSET;
    }

    private int destinationOffset() {
        return v4 ? Ipv4.DESTINATION_OFFSET : Ipv6.DESTINATION_OFFSET;
    }

    long sourceHigh() {
        return Addresses.high(buffer, packet + sourceOffset(), v4);
    }

    long sourceLow() {
        return Addresses.low(buffer, packet + sourceOffset(), v4);
    }

    long destinationHigh() {
        return Addresses.high(buffer, packet + destinationOffset(), v4);
    }

    long destinationLow() {
        return Addresses.low(buffer, packet + destinationOffset(), v4);
    }
}
