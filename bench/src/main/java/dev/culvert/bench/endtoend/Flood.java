package dev.culvert.bench.endtoend;

import dev.culvert.datapath.udp.BurstSender;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.wg.packet.MessageType;
import java.io.IOException;
import java.util.Arrays;
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
        byte[] burst = new byte[BURST * INITIATION_BYTES];
        new Random(1).nextBytes(burst);
        for (int i = 0; i < BURST; i++) {
            Arrays.fill(burst, i * INITIATION_BYTES, i * INITIATION_BYTES + 4, (byte) 0);
            burst[i * INITIATION_BYTES] = (byte) MessageType.INITIATION;
        }
        try (BurstSender sender = new BurstSender(ipv4, port, burst, INITIATION_BYTES)) {
            long startNs = System.nanoTime();
            long sent = 0;
            while (!stopped) {
                int errno = sender.send();
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
