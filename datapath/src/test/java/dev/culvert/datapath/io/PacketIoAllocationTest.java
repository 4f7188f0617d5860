package dev.culvert.datapath.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.udp.LoopbackSocket;
import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Libc;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The threads of an engine allocate nothing per packet once they are warm. Per batch, Netty's loop
 * makes one object of 16 bytes each time it takes completions (the callback for them), which is at
 * most twice: for the packets, and for the buffers given back.
 */
@ParameterizedClass
@MethodSource("dev.culvert.datapath.io.Engines#withAllocationPerBatch")
@Timeout(60)
final class PacketIoAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Enough for both compilers to have seen the loops. */
    private static final int WARM_UP_PACKETS = 60_000;

    private static final int PACKETS = 20_000;

    /** Sent before the engine has caught up: fits any receive buffer. */
    private static final int WINDOW = 32;

    /** For what happens now and then: a class that is loaded, a method compiled anew. */
    private static final int SLACK_BYTES = 16 << 10;

    private final PacketIoProvider provider;
    private final int bytesPerBatch;

    PacketIoAllocationTest(PacketIoProvider provider, int bytesPerBatch) {
        this.provider = provider;
        this.bytesPerBatch = bytesPerBatch;
    }

    /** Counts, and knows its thread. */
    private static final class Counter implements InboundDuty, OutboundDuty {
        final AtomicInteger packets = new AtomicInteger();
        final AtomicInteger batches = new AtomicInteger();
        volatile long threadId;

        @Override
        public void onReceive(
                UdpSocket socket, MemorySegment buf, long offset, int length, ReceivedMessage m) {
            packets.incrementAndGet();
        }

        @Override
        public void onTunRead(MemorySegment buf, long offset, int length) {
            packets.incrementAndGet();
        }

        @Override
        public void onBatchEnd() {
            batches.incrementAndGet();
            threadId = Thread.currentThread().threadId();
        }

        long allocatedBytes() {
            return THREADS.getThreadAllocatedBytes(threadId);
        }
    }

    @Test
    void inboundThreadAllocatesNothingPerDatagram() {
        int tunFd = LoopbackSocket.bound(false);
        Counter inbound = new Counter();
        FailureLog failures = new FailureLog();
        UdpSocket socket = LoopbackSocket.open(false);
        int sender = LoopbackSocket.connected(false, LoopbackSocket.port(socket.fd()));
        try (PacketIo io =
                provider.open(0, tunFd, true, new Counter(), inbound, new BulkLoad(), failures)) {
            io.start();
            io.receiveFrom(List.of(socket));
            assertAllocatesNothing(inbound, sender);
        } finally {
            socket.close();
            Libc.close(sender);
            Libc.close(tunFd);
        }
        assertEquals(List.of(), failures.all());
    }

    @Test
    void outboundThreadAllocatesNothingPerRead() {
        int tunFd = LoopbackSocket.bound(false);
        Counter outbound = new Counter();
        FailureLog failures = new FailureLog();
        int sender = LoopbackSocket.connected(false, LoopbackSocket.port(tunFd));
        try (PacketIo io =
                provider.open(0, tunFd, true, outbound, new Counter(), new BulkLoad(), failures)) {
            io.start();
            assertAllocatesNothing(outbound, sender);
        } finally {
            Libc.close(sender);
            Libc.close(tunFd);
        }
        assertEquals(List.of(), failures.all());
    }

    private void assertAllocatesNothing(Counter counter, int sender) {
        send(counter, sender, WARM_UP_PACKETS);
        int batches = counter.batches.get();
        long beforeBytes = counter.allocatedBytes();
        send(counter, sender, PACKETS);
        long allocatedBytes = counter.allocatedBytes() - beforeBytes;
        batches = counter.batches.get() - batches;
        long limitBytes = SLACK_BYTES + (long) bytesPerBatch * batches;
        assertTrue(
                allocatedBytes <= limitBytes,
                allocatedBytes + " bytes for " + PACKETS + " packets in " + batches + " batches");
    }

    private static void send(Counter counter, int sender, int packets) {
        int first = counter.packets.get();
        for (int i = 0; i < packets; i++) {
            LoopbackSocket.send(sender, i, 64);
            while (i + 1 - (counter.packets.get() - first) >= WINDOW) {
                Thread.onSpinWait();
            }
        }
        while (counter.packets.get() - first < packets) {
            Thread.onSpinWait();
        }
    }
}
