package dev.culvert.datapath.udp;

import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import dev.culvert.wg.peer.Endpoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer is, and by which of our addresses it is answered (the sticky source; none until a
 * packet came from there). Immutable, numbers only: comparing with the sockaddr of a received
 * packet and encoding for a send allocate nothing.
 */
public final class UdpEndpoint implements Endpoint {
    private static final ValueLayout.OfLong BE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int LINK_LOCAL_PREFIX = 0xfe80;
    private static final int LINK_LOCAL_MASK = 0xffc0;

    private final boolean ipv6;
    private final long high;
    private final long low;
    private final int port;
    private final int scopeId;
    private final boolean source;
    private final long sourceHigh;
    private final long sourceLow;
    private final int sourceInterface;

    private UdpEndpoint(
            boolean ipv6,
            long high,
            long low,
            int port,
            int scopeId,
            boolean source,
            long sourceHigh,
            long sourceLow,
            int sourceInterface) {
        this.ipv6 = ipv6;
        this.high = high;
        this.low = low;
        this.port = port;
        this.scopeId = scopeId;
        this.source = source;
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.sourceInterface = sourceInterface;
    }

    /**
     * A configured endpoint, without a source.
     *
     * @param address 4 or 16 bytes; IPv4 mapped into IPv6 counts as IPv4
     * @param port 0..65535
     * @param scope interface name or number of a link-local address; empty: none
     * @return null: no such interface
     */
    public static @Nullable UdpEndpoint of(byte[] address, int port, String scope) {
        int scopeId = scope.isEmpty() ? 0 : scopeId(scope);
        if (scopeId < 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(address);
        if (address.length == 4) {
            return v4(bytes.getInt(), port);
        }
        long high = bytes.getLong();
        long low = bytes.getLong();
        if (high == 0 && low >>> 32 == 0xffff) {
            return v4((int) low, port);
        }
        return new UdpEndpoint(true, high, low, port, scopeId, false, 0, 0, 0);
    }

    private static UdpEndpoint v4(int address, int port) {
        return new UdpEndpoint(false, 0, Integer.toUnsignedLong(address), port, 0, false, 0, 0, 0);
    }

    private static int scopeId(String scope) {
        try {
            return Integer.parseInt(scope);
        } catch (NumberFormatException name) {
            return Libc.ifNametoindex(scope);
        }
    }

    /** Where a packet came from, and the local address that it came to as the source. */
    public static UdpEndpoint of(ReceivedMessage meta, ControlMessages control) {
        return of(meta.name(), meta.nameOffset(), control);
    }

    private static UdpEndpoint of(MemorySegment name, long offset, ControlMessages control) {
        boolean ipv6 = SockAddr.family(name, offset) == SocketConstants.AF_INET6;
        return new UdpEndpoint(
                ipv6,
                ipv6 ? SockAddr.address6High(name, offset) : 0,
                ipv6
                        ? SockAddr.address6Low(name, offset)
                        : Integer.toUnsignedLong(SockAddr.address4(name, offset)),
                SockAddr.port(name, offset),
                ipv6 ? SockAddr.scopeId(name, offset) : 0,
                control.hasLocal(),
                control.localHigh(),
                control.localLow(),
                interfaceOf(ipv6, control));
    }

    /** Only a link-local source needs its interface; any other shall follow the routes. */
    private static int interfaceOf(boolean ipv6, ControlMessages control) {
        boolean linkLocal =
                ipv6 && (control.localHigh() >>> 48 & LINK_LOCAL_MASK) == LINK_LOCAL_PREFIX;
        return linkLocal ? control.localInterface() : 0;
    }

    /** Whether a received packet came from here and to the source that this endpoint has. */
    public boolean matches(ReceivedMessage meta, ControlMessages control) {
        MemorySegment name = meta.name();
        long offset = meta.nameOffset();
        if (SockAddr.port(name, offset) != port
                || source != control.hasLocal()
                || sourceLow != control.localLow()
                || sourceHigh != control.localHigh()) {
            return false;
        }
        boolean fromIpv6 = SockAddr.family(name, offset) == SocketConstants.AF_INET6;
        if (fromIpv6 != ipv6) {
            return false;
        }
        if (!ipv6) {
            return SockAddr.address4(name, offset) == (int) low;
        }
        return SockAddr.address6Low(name, offset) == low
                && SockAddr.address6High(name, offset) == high
                && SockAddr.scopeId(name, offset) == scopeId
                && sourceInterface == interfaceOf(true, control);
    }

    /** Writes the sockaddr_in or sockaddr_in6; returns its length. */
    int encode(MemorySegment name, long offset) {
        SockAddr.setPort(name, offset, port);
        if (!ipv6) {
            name.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) SocketConstants.AF_INET);
            name.set(BE_INT, offset + SockAddr.IN_ADDRESS_OFFSET, (int) low);
            name.set(BE_LONG, offset + SockAddr.IN_BYTES - Long.BYTES, 0);
            return SockAddr.IN_BYTES;
        }
        name.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) SocketConstants.AF_INET6);
        name.set(BE_INT, offset + SockAddr.PORT_OFFSET + Short.BYTES, 0);
        name.set(BE_LONG, offset + SockAddr.IN6_ADDRESS_OFFSET, high);
        name.set(BE_LONG, offset + SockAddr.IN6_ADDRESS_OFFSET + Long.BYTES, low);
        name.set(ValueLayout.JAVA_INT_UNALIGNED, offset + SockAddr.IN6_SCOPE_OFFSET, scopeId);
        return SockAddr.IN6_BYTES;
    }

    public boolean ipv6() {
        return ipv6;
    }

    /** Whether packets are sent from a certain local address. */
    boolean hasSource() {
        return source;
    }

    long sourceHigh() {
        return sourceHigh;
    }

    long sourceLow() {
        return sourceLow;
    }

    int sourceInterface() {
        return sourceInterface;
    }

    @Override
    public byte[] address() {
        return ipv6
                ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
                : ByteBuffer.allocate(4).putInt((int) low).array();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String scope() {
        return scopeId == 0 ? "" : Integer.toString(scopeId);
    }

    @Override
    public boolean sameDestination(Endpoint other) {
        return other instanceof UdpEndpoint udp
                && udp.ipv6 == ipv6
                && udp.high == high
                && udp.low == low
                && udp.port == port
                && udp.scopeId == scopeId;
    }

    @Override
    public UdpEndpoint withoutSource() {
        return source ? new UdpEndpoint(ipv6, high, low, port, scopeId, false, 0, 0, 0) : this;
    }
}
