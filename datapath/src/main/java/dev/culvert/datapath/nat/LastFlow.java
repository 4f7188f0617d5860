package dev.culvert.datapath.nat;

import dev.culvert.tun.packet.Checksum;
import dev.culvert.tun.packet.Ipv4;
import dev.culvert.tun.packet.Ipv6;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import java.lang.foreign.MemorySegment;

/**
 * The flow of the latest packet and what became of it, good for one batch: a run of segments takes
 * one look-up. TCP segments that mean a change of state, fragments and headers with options are
 * left to the table.
 */
final class LastFlow {
    private static final int VERSION_4_HEADER_20 = 0x45;
    private static final int PLAIN_FLAGS = Tcp.ACK | Tcp.PSH | Tcp.ECE | Tcp.CWR;
    private static final int FLAG_BITS = 0xff;

    private boolean armed;
    private long nowNs;
    private boolean v4;
    private int protocol;
    private int ports;

    // All addresses of the packet as they came: IPv4's are the first.
    private final long[] addresses = new long[4];

    // What it takes to do the same to the next packet.
    private boolean changed;
    private long high;
    private long low;
    private int port;
    private int addressChange;
    private int change;

    /** Does to a packet of the same flow what was done to the latest one. False: another flow. */
    boolean translate(MemorySegment buf, long packet, int length, long batchNs) {
        if (!armed || batchNs != nowNs || !isSame(buf, packet, length)) {
            return false;
        }
        if (changed) {
            apply(buf, packet);
        }
        return true;
    }

    /** Whether such packets get another destination. */
    boolean changes() {
        return changed;
    }

    private boolean isSame(MemorySegment buf, long packet, int length) {
        int header = v4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES;
        if (length < header + Tcp.HEADER_BYTES) {
            return false;
        }
        int first = NetworkOrder.get8(buf, packet);
        boolean sameIp =
                v4
                        ? first == VERSION_4_HEADER_20
                                && NetworkOrder.get64(buf, packet + Ipv4.SOURCE_OFFSET)
                                        == addresses[0]
                                && Ipv4.protocol(buf, packet) == protocol
                                && (Ipv4.flags(buf, packet) & Ipv4.FRAGMENT_MASK) == 0
                        : first >>> 4 == 6
                                && Ipv6.nextHeader(buf, packet) == protocol
                                && hasAddressesV6(buf, packet);
        long transport = packet + header;
        return sameIp
                && NetworkOrder.get32(buf, transport) == ports
                && (protocol == Udp.PROTOCOL || isPlain(Tcp.flags(buf, transport)));
    }

    private boolean hasAddressesV6(MemorySegment buf, long packet) {
        for (int i = 0; i < addresses.length; i++) {
            if (NetworkOrder.get64(buf, packet + Ipv6.SOURCE_OFFSET + i * 8L) != addresses[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int tcpFlags) {
        return (tcpFlags & FLAG_BITS & ~PLAIN_FLAGS) == 0;
    }

    private void apply(MemorySegment buf, long packet) {
        long transport;
        if (v4) {
            transport = packet + Ipv4.HEADER_BYTES;
            NetworkOrder.put32(buf, packet + Ipv4.DESTINATION_OFFSET, (int) low);
            long field = packet + Ipv4.CHECKSUM_OFFSET;
            int sum = Checksum.complement(NetworkOrder.get16(buf, field));
            NetworkOrder.put16(buf, field, Checksum.complement(Checksum.add(sum, addressChange)));
        } else {
            transport = packet + Ipv6.HEADER_BYTES;
            NetworkOrder.put64(buf, packet + Ipv6.DESTINATION_OFFSET, high);
            NetworkOrder.put64(buf, packet + Ipv6.DESTINATION_OFFSET + 8, low);
        }
        NetworkOrder.put16(buf, transport + Tcp.DESTINATION_PORT_OFFSET, port);
        Rewriting.transportChecksum(buf, transport, Space.of(v4, protocol), change, false);
    }

    /** Notes a packet before it is translated. False: its kind is not remembered. */
    boolean remember(MemorySegment buf, long packet, int length, FlowHeaders headers) {
        armed = false;
        v4 = headers.v4;
        protocol = headers.protocol;
        int header = v4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES;
        if (headers.transport != header
                || length < header + Tcp.HEADER_BYTES
                || Space.isIcmp(headers.space)
                || !isPlain(headers.tcpFlags)) {
            return false;
        }
        ports = NetworkOrder.get32(buf, packet + header);
        if (v4) {
            addresses[0] = NetworkOrder.get64(buf, packet + Ipv4.SOURCE_OFFSET);
        } else {
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = NetworkOrder.get64(buf, packet + Ipv6.SOURCE_OFFSET + i * 8L);
            }
        }
        return true;
    }

    /** Notes what became of that packet, from the packet as it is now. */
    void arm(MemorySegment buf, long packet, boolean wasChanged, long batchNs) {
        armed = true;
        nowNs = batchNs;
        changed = wasChanged;
        if (!wasChanged) {
            return;
        }
        int before;
        int at = v4 ? Ipv4.DESTINATION_OFFSET : Ipv6.DESTINATION_OFFSET;
        if (v4) {
            int address = (int) addresses[0];
            before = Checksum.add(address >>> 16, address & 0xffff);
        } else {
            before = Checksum.add(sum(addresses[2]), sum(addresses[3]));
        }
        high = Addresses.high(buf, packet + at, v4);
        low = Addresses.low(buf, packet + at, v4);
        int after = Checksum.sum(buf, packet + at, Addresses.bytes(v4));
        addressChange = Checksum.add(Checksum.complement(before), after);
        long transport = packet + (v4 ? Ipv4.HEADER_BYTES : Ipv6.HEADER_BYTES);
        port = NetworkOrder.get16(buf, transport + Tcp.DESTINATION_PORT_OFFSET);
        int portBefore = ports & 0xffff;
        change = Checksum.add(addressChange, Checksum.add(Checksum.complement(portBefore), port));
    }

    private static int sum(long words) {
        return Checksum.add(
                Checksum.add((int) (words >>> 48), (int) (words >>> 32) & 0xffff),
                Checksum.add((int) words >>> 16, (int) words & 0xffff));
    }
}
