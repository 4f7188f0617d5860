package dev.culvert.datapath.udp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Sends one burst of equally long datagrams again and again, as super-packets, so that little of
 * the cost is the sender's. Of one thread, from the namespace that it is in.
 */
public final class BurstSender implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final UdpSocketPair sockets;
    private final UdpSender sender = new UdpSender(arena);
    private final UdpEndpoint to;
    private final MemorySegment burst;
    private final int datagramBytes;

    /**
     * Opens the sockets.
     *
     * @param address of the receiver, 4 or 16 bytes
     * @param burst at most {@link UdpSender#MAX_SEGMENTS} datagrams
     */
    public BurstSender(byte[] address, int port, byte[] burst, int datagramBytes) throws Exception {
        this.datagramBytes = datagramBytes;
        to = Objects.requireNonNull(UdpEndpoint.of(address, port, ""));
        this.burst = arena.allocateFrom(ValueLayout.JAVA_BYTE, burst);
        sockets = UdpSocketPair.bind(0, 0, new UdpOffload(true, true), UdpAddresses.ANY);
    }

    /** 0, or the negative errno that the burst was dropped with. */
    public int send() {
        UdpSocket socket = Objects.requireNonNull(sockets.socketFor(to));
        return sender.send(socket, to, 0, burst, 0, (int) burst.byteSize(), datagramBytes);
    }

    @Override
    public void close() {
        sockets.close();
        arena.close();
    }
}
