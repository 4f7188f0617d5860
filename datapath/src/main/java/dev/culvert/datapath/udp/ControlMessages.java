package dev.culvert.datapath.udp;

import dev.culvert.tun.sys.Cmsg;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What came with a receive: the size of the datagrams that UDP_GRO ran together, the outer TOS, and
 * the local address that the packet came to. Holds what {@link #parse} found last; not thread-safe.
 */
public final class ControlMessages {
    // struct in_pktinfo: interface index (4), local address (4), destination of the header (4).
    private static final long V4_PKTINFO_BYTES = 12;
    private static final long V4_PKTINFO_ADDRESS_OFFSET = 4;
    // struct in6_pktinfo: local address (16), interface index (4).
    private static final long V6_PKTINFO_BYTES = 20;
    private static final long V6_PKTINFO_INTERFACE_OFFSET = 16;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfInt BE_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private int segmentBytes;
    private int tos;
    private boolean local;
    private long localHigh;
    private long localLow;
    private int localInterface;

    public ControlMessages() {}

    /** Reads the control messages of one receive; unknown ones are skipped. */
    public void parse(ReceivedMessage meta) {
        segmentBytes = 0;
        tos = 0;
        local = false;
        MemorySegment control = meta.control();
        long base = meta.controlOffset();
        int length = meta.controlLength();
        for (long at = Cmsg.first(control, base, length);
                at >= 0;
                at = Cmsg.next(control, at, base, length)) {
            take(
                    control,
                    Cmsg.level(control, at),
                    Cmsg.type(control, at),
                    Cmsg.dataOffset(at),
                    Cmsg.dataLength(control, at));
        }
    }

    private void take(MemorySegment control, int level, int type, long data, long length) {
        if (level == SocketConstants.SOL_UDP) {
            if (type == SocketConstants.UDP_GRO && length >= Integer.BYTES) {
                segmentBytes = control.get(INT, data);
            }
        } else if (level == SocketConstants.SOL_IP) {
            if (type == SocketConstants.IP_PKTINFO && length >= V4_PKTINFO_BYTES) {
                local = true;
                localHigh = 0;
                localLow =
                        Integer.toUnsignedLong(
                                control.get(BE_INT, data + V4_PKTINFO_ADDRESS_OFFSET));
                localInterface = control.get(INT, data);
            } else if (type == SocketConstants.IP_TOS && length >= 1) {
                tos = Byte.toUnsignedInt(control.get(ValueLayout.JAVA_BYTE, data));
            }
        } else if (level == SocketConstants.SOL_IPV6) {
            if (type == SocketConstants.IPV6_PKTINFO && length >= V6_PKTINFO_BYTES) {
                local = true;
                localHigh = control.get(BE_LONG, data);
                localLow = control.get(BE_LONG, data + Long.BYTES);
                localInterface = control.get(INT, data + V6_PKTINFO_INTERFACE_OFFSET);
            } else if (type == SocketConstants.IPV6_TCLASS && length >= Integer.BYTES) {
                tos = control.get(INT, data) & 0xff;
            }
        }
    }

    /**
     * Size of each datagram of the receive but the last, which may be shorter; 0: it is only one.
     */
    public int segmentBytes() {
        return segmentBytes;
    }

    /** TOS or traffic class of the outer header. */
    public int tos() {
        return tos;
    }

    /** Whether the kernel told the local address. */
    boolean hasLocal() {
        return local;
    }

    /** Upper half of the local IPv6 address; 0 for IPv4. */
    long localHigh() {
        return localHigh;
    }

    /** Lower half of the local IPv6 address, or the IPv4 address. */
    long localLow() {
        return localLow;
    }

    /** Index of the interface that the packet came in by. */
    int localInterface() {
        return localInterface;
    }

    /** Writes an IP_PKTINFO or IPV6_PKTINFO element that asks for a source; returns its space. */
    static long putSource(MemorySegment control, long offset, UdpEndpoint endpoint) {
        if (endpoint.ipv6()) {
            long data =
                    Cmsg.put(
                            control,
                            offset,
                            SocketConstants.SOL_IPV6,
                            SocketConstants.IPV6_PKTINFO,
                            V6_PKTINFO_BYTES);
            control.set(BE_LONG, data, endpoint.sourceHigh());
            control.set(BE_LONG, data + Long.BYTES, endpoint.sourceLow());
            control.set(INT, data + V6_PKTINFO_INTERFACE_OFFSET, endpoint.sourceInterface());
            return Cmsg.space(V6_PKTINFO_BYTES);
        }
        long data =
                Cmsg.put(
                        control,
                        offset,
                        SocketConstants.SOL_IP,
                        SocketConstants.IP_PKTINFO,
                        V4_PKTINFO_BYTES);
        // No interface: the route may leave by another one than the packet came in by.
        control.set(INT, data, 0);
        control.set(BE_INT, data + V4_PKTINFO_ADDRESS_OFFSET, (int) endpoint.sourceLow());
        control.set(INT, data + V4_PKTINFO_ADDRESS_OFFSET + Integer.BYTES, 0);
        return Cmsg.space(V4_PKTINFO_BYTES);
    }

    /** Writes the TOS or traffic class of the outer header; returns its space. */
    static long putTos(MemorySegment control, long offset, boolean ipv6, int tos) {
        long data =
                ipv6
                        ? Cmsg.put(
                                control,
                                offset,
                                SocketConstants.SOL_IPV6,
                                SocketConstants.IPV6_TCLASS,
                                Integer.BYTES)
                        : Cmsg.put(
                                control,
                                offset,
                                SocketConstants.SOL_IP,
                                SocketConstants.IP_TOS,
                                Integer.BYTES);
        control.set(INT, data, tos);
        return Cmsg.space(Integer.BYTES);
    }

    /** Writes UDP_SEGMENT; returns its space. */
    static long putSegmentSize(MemorySegment control, long offset, int segmentBytes) {
        long data =
                Cmsg.put(
                        control,
                        offset,
                        SocketConstants.SOL_UDP,
                        SocketConstants.UDP_SEGMENT,
                        Short.BYTES);
        control.set(ValueLayout.JAVA_SHORT_UNALIGNED, data, (short) segmentBytes);
        return Cmsg.space(Short.BYTES);
    }
}
