package dev.culvert.bench.endtoend;

import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.datapath.udp.UdpSender;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.datapath.udp.UdpSocketPair;
import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Handshake initiations with a wrong MAC1, at a steady rate, from the construction to {@link
 * #close}. They leave in super-packets, so that little of their cost is the sender's.
 */
final class Flood implements AutoCloseable {
    private static final int INITIATION_BYTES = 148;
    private static final int BURST = 50;

    private final BackgroundTask task;
    private volatile boolean stopped;

    Flood(NetworkNamespace from, byte[] ipv4, int port, int perSecond) {
        task =
                new BackgroundTask(() ->
                        from.callInside(() -> {
                            send(ipv4, port, perSecond);
                            return 0;
                        }));
    }

    private void send(byte[] ipv4, int port, int perSecond) throws Exception {
        try (Arena arena = Arena.ofConfined();
                UdpSocketPair sockets =
                        UdpSocketPair.bind(0, 0, new UdpOffload(true, true), UdpAddresses.ANY)) {
            UdpSender sender = new UdpSender(arena);
            UdpEndpoint to = Objects.requireNonNull(UdpEndpoint.of(ipv4, port, ""));
            UdpSocket socket = Objects.requireNonNull(sockets.socketFor(to));
            MemorySegment burst = arena.allocate((long) BURST * INITIATION_BYTES);
            byte[] noise = new byte[BURST * INITIATION_BYTES];
            new Random(1).nextBytes(noise);
            MemorySegment.copy(noise, 0, burst, ValueLayout.JAVA_BYTE, 0, noise.length);
            for (int i = 0; i < BURST; i++) {
                burst.set(ValueLayout.JAVA_INT_UNALIGNED, (long) i * INITIATION_BYTES, 1);
            }
            long startNs = System.nanoTime();
            long sent = 0;
            while (!stopped) {
                int errno = sender.send(socket, to, 0, burst, 0, noise.length, INITIATION_BYTES);
                if (errno != 0) {
                    throw new IOException("the flood cannot be sent: errno " + -errno);
                }
                sent += BURST;
                long dueNs = startNs + sent * 1_000_000_000L / perSecond;
                LockSupport.parkNanos(dueNs - System.nanoTime());
            }
        }
    }

    /** Fails if the flood has ended by itself. */
    void check() throws IOException {
        task.failIfDone();
    }

    @Override
    public void close() {
        stopped = true;
        task.close();
    }
}
