package dev.culvert.tun.gro;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Virtio header and packet headers of a super-packet, made from a run's first packet in memory of
 * its own: the packets stay as they are, should the kernel want them one by one after all.
 */
final class SuperPacketHeader {
    private static final int MAX_BYTES =
            VirtioNetHeader.BYTES + Ipv6.HEADER_BYTES + Tcp.MAX_HEADER_BYTES;
    private static final long IP = VirtioNetHeader.BYTES;

    private final MemorySegment memory = Arena.ofAuto().allocate(MAX_BYTES, 8);

    long address() {
        return memory.address();
    }

    /** Bytes of both headers for that run. */
    static int bytes(Run run) {
        return VirtioNetHeader.BYTES + run.first.headerBytes;
    }

    void make(Run run) {
        PacketHeaders first = run.first;
        int packetBytes = first.headerBytes + run.payloadBytes;
        int transportBytes = packetBytes - first.transportOffset;
        MemorySegment.copy(first.buffer, first.offset, memory, IP, first.headerBytes);
        int protocol = first.tcp ? Tcp.PROTOCOL : Udp.PROTOCOL;
        int pseudoSum;
        if (first.v4) {
            NetworkOrder.put16(memory, IP + Ipv4.TOTAL_LENGTH_OFFSET, packetBytes);
            Ipv4.writeChecksum(memory, IP, Ipv4.HEADER_BYTES);
            pseudoSum = Checksum.pseudoHeaderV4(memory, IP, protocol, transportBytes);
        } else {
            int length = packetBytes - Ipv6.HEADER_BYTES;
            NetworkOrder.put16(memory, IP + Ipv6.PAYLOAD_LENGTH_OFFSET, length);
            pseudoSum = Checksum.pseudoHeaderV6(memory, IP, protocol, transportBytes);
        }
        long transport = IP + first.transportOffset;
        if (first.tcp) {
            int flags = Tcp.flags(memory, transport);
            NetworkOrder.put16(
                    memory, transport + Tcp.FLAGS_OFFSET, run.push ? flags | Tcp.PSH : flags);
        } else {
            NetworkOrder.put16(memory, transport + Udp.LENGTH_OFFSET, transportBytes);
        }
        int checksumOffset = first.tcp ? Tcp.CHECKSUM_OFFSET : Udp.CHECKSUM_OFFSET;
        // The kernel owes the rest of the sum to whoever needs it: not complemented here.
        NetworkOrder.put16(memory, transport + checksumOffset, pseudoSum);
        VirtioNetHeader.write(
                memory,
                0,
                VirtioNetHeader.FLAG_NEEDS_CHECKSUM,
                gsoType(first),
                first.headerBytes,
                run.gsoSize,
                first.transportOffset,
                checksumOffset);
    }

    private static int gsoType(PacketHeaders first) {
        if (!first.tcp) {
            return VirtioNetHeader.GSO_UDP_L4;
        }
        return first.v4 ? VirtioNetHeader.GSO_TCPV4 : VirtioNetHeader.GSO_TCPV6;
    }
}
