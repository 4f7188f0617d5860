package dev.culvert.datapath.io;

import static dev.culvert.datapath.io.IdleDuties.NO_DATAGRAMS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.scheduling.LoadMeter;
import dev.culvert.datapath.udp.LoopbackSocket;
import dev.culvert.tun.sys.Libc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which thread reads the TUN queue; a UDP socket stands in for that. */
@ParameterizedClass
@MethodSource("dev.culvert.datapath.io.Engines#forReads")
@Timeout(30)
final class TunTurnTest {
    private static final long WINDOW_NS = 20_000_000;
    private static final int MUCH = 1_000_000;

    private record Read(int number, String thread) {}

    private final int tunFd = LoopbackSocket.bound(false);
    private final int sender = LoopbackSocket.connected(false, LoopbackSocket.port(tunFd));
    private final BulkLoad load = new BulkLoad();
    private final LoadMeter meter = new LoadMeter(load);
    private final BlockingQueue<Read> reads = new LinkedBlockingQueue<>();
    private final FailureLog failures = new FailureLog();
    private final PacketIo io;
    private long nowNs;
    private int sent;

    TunTurnTest(PacketIoProvider provider) {
        OutboundDuty duty =
                new OutboundDuty() {
                    private final AtomicInteger inside = new AtomicInteger();

                    @Override
                    public void onTunRead(MemorySegment buf, long offset, int length) {
                        assertEquals(1, inside.incrementAndGet(), "one thread at a time");
                        int number = buf.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
                        reads.add(new Read(number, Thread.currentThread().getName()));
                        inside.decrementAndGet();
                    }

                    @Override
                    public void onBatchEnd() {}
                };
        io = provider.open(0, tunFd, true, duty, NO_DATAGRAMS, load, failures);
    }

    @BeforeEach
    void start() {
        io.start();
    }

    @AfterEach
    void stop() {
        io.close();
        Libc.close(sender);
        Libc.close(tunFd);
        assertEquals(List.of(), failures.all());
        assertTrue(reads.isEmpty(), "a packet was read twice");
    }

    /** A window in which this many bytes moved. */
    private void window(int bytes) {
        meter.onBatchEnd(nowNs);
        nowNs += WINDOW_NS;
        meter.count(bytes);
        meter.onBatchEnd(nowNs);
    }

    private String threadOf(int number) throws InterruptedException {
        LoopbackSocket.send(sender, number, 100);
        Read read = reads.poll(10, TimeUnit.SECONDS);
        assertTrue(read != null, "packet " + number + " was not read");
        assertEquals(number, read.number());
        return read.thread();
    }

    /** The turn passes after a batch: until then, packets are still read by the other thread. */
    private void awaitThread(String thread) throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!threadOf(sent++).equals(thread)) {
            assertTrue(System.nanoTime() - endNs < 0, thread + " does not get the turn");
        }
    }

    private void assertStaysWith(String thread) throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            assertEquals(thread, threadOf(sent++));
        }
    }

    @Test
    void theInboundThreadReadsItWhileThereIsLittleToDo() throws Exception {
        assertStaysWith("inbound-0");
    }

    @Test
    void theOutboundThreadReadsItWhileBulkDataMoves() throws Exception {
        window(MUCH);
        awaitThread("outbound-0");
        assertStaysWith("outbound-0");
    }

    @Test
    void andGivesItBackAfterwards() throws Exception {
        window(MUCH);
        awaitThread("outbound-0");
        for (int i = 0; i < 10; i++) {
            window(0);
        }
        awaitThread("inbound-0");
        assertStaysWith("inbound-0");
    }

    @Test
    void keepsTheOrderWhileItPassesToAndFro() throws Exception {
        int count = 2000;
        for (int i = 0; i < count; i++) {
            if (i % 20 == 0) {
                window(i % 40 == 0 ? MUCH : 0);
                nowNs += TimeUnit.SECONDS.toNanos(1);
                window(i % 40 == 0 ? MUCH : 0);
            }
            LoopbackSocket.send(sender, i, 100);
            if (i % 50 == 49) {
                // No more than the socket's buffer holds.
                for (int j = i - 49; j <= i; j++) {
                    Read read = reads.poll(10, TimeUnit.SECONDS);
                    assertTrue(read != null, "packet " + j + " was not read");
                    assertEquals(j, read.number());
                }
            }
        }
    }
}
