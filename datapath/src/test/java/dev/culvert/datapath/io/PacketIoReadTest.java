package dev.culvert.datapath.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.udp.LoopbackSocket;
import dev.culvert.tun.sys.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine owes the outbound duty. A UDP socket stands in for the TUN queue: read(2) takes
 * one datagram from it as it takes one packet from a TUN, and both can be polled.
 */
@ParameterizedClass
@MethodSource("dev.culvert.datapath.io.Engines#forReads")
@Timeout(30)
final class PacketIoReadTest {
    private static final int O_WRONLY = 1;

    private final PacketIoProvider provider;
    private final OutboundLog outbound = new OutboundLog();
    private final FailureLog failures = new FailureLog();
    private final int tunFd = LoopbackSocket.bound(false);
    private final int sender = LoopbackSocket.connected(false, LoopbackSocket.port(tunFd));

    PacketIoReadTest(PacketIoProvider provider) {
        this.provider = provider;
    }

    @AfterEach
    void close() {
        Libc.close(tunFd);
        Libc.close(sender);
        assertEquals(List.of(), failures.all());
    }

    private PacketIo open(boolean vnetHeader) {
        return provider.open(
                0, tunFd, vnetHeader, outbound, new InboundLog(), new BulkLoad(), failures);
    }

    private static int number(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(offset);
    }

    @Test
    void keepsTheOrderOfReads() throws Exception {
        int count = 500;
        try (PacketIo io = open(true)) {
            io.start();
            for (int i = 0; i < count; i++) {
                LoopbackSocket.send(sender, i, 40 + i);
            }
            List<byte[]> reads = outbound.await(count);
            assertEquals(count, reads.size());
            for (int i = 0; i < count; i++) {
                assertEquals(40 + i, reads.get(i).length);
                assertEquals(i, number(reads.get(i), 0));
            }
        }
    }

    @Test
    void handsOnReadsOfTheGreatestLength() throws Exception {
        try (PacketIo io = open(true)) {
            io.start();
            for (int i = 0; i < 12; i++) {
                LoopbackSocket.send(sender, i, 65507);
            }
            List<byte[]> reads = outbound.await(12);
            assertEquals(12, reads.size());
            for (int i = 0; i < 12; i++) {
                assertEquals(65507, reads.get(i).length);
                assertEquals(i, number(reads.get(i), 0));
            }
        }
    }

    @Test
    void putsAZeroedHeaderInFrontWhereTheTunHasNone() throws Exception {
        try (PacketIo io = open(false)) {
            io.start();
            for (int i = 0; i < 20; i++) {
                LoopbackSocket.send(sender, 0x11223344 + i, 84);
            }
            List<byte[]> reads = outbound.await(20);
            assertEquals(20, reads.size());
            for (int i = 0; i < 20; i++) {
                byte[] read = reads.get(i);
                assertEquals(10 + 84, read.length);
                assertArrayEquals(new byte[10], Arrays.copyOf(read, 10));
                assertEquals(0x11223344 + i, number(read, 10));
            }
        }
    }

    @Test
    void stopsWithinASecondWhenNothingEverArrived() {
        PacketIo io = open(true);
        io.start();
        assertTimeout(Duration.ofSeconds(1), io::close);
    }

    /** A thread that outlives the engine would hold back the exit of the process. */
    @Test
    void leavesNoThreadBehind() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (PacketIo io = open(true)) {
            io.start();
            LoopbackSocket.send(sender, 1, 100);
            outbound.await(1);
            Set<Thread> running = threadsSince(before);
            assertEquals(
                    Set.of("outbound-0", "inbound-0"),
                    running.stream().map(Thread::getName).collect(Collectors.toSet()));
            assertTrue(running.stream().allMatch(Thread::isDaemon));
        }
        assertEquals(Set.of(), threadsSince(before));
    }

    private static Set<Thread> threadsSince(Set<Thread> before) {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeAll(before);
        return threads;
    }

    @Test
    void stopsWithoutEverHavingStarted() {
        PacketIo io = open(true);
        assertTimeout(Duration.ofSeconds(1), io::close);
    }

    @Test
    void reportsADescriptorThatCannotBeRead() throws Exception {
        int writeOnly = Libc.open("/dev/null", O_WRONLY | Libc.O_CLOEXEC, 0);
        PacketIo io =
                provider.open(
                        0, writeOnly, true, outbound, new InboundLog(), new BulkLoad(), failures);
        try (io) {
            io.start();
            assertEquals("tun EBADF", failures.await(5000));
        } finally {
            Libc.close(writeOnly);
        }
    }
}
