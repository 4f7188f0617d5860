package dev.culvert.datapath.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.io.InboundLog.Received;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.udp.LoopbackSocket;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What every engine owes the inbound duty. A UDP socket that is never sent to is the TUN. */
@ParameterizedClass
@MethodSource("dev.culvert.datapath.io.Engines#all")
@Timeout(30)
final class PacketIoReceiveTest {
    private final InboundLog inbound = new InboundLog();
    private final FailureLog failures = new FailureLog();
    private final int tunFd = LoopbackSocket.bound(false);
    private final List<Integer> senders = new ArrayList<>();
    private final List<UdpSocket> sockets = new ArrayList<>();
    private final PacketIo io;
    private boolean closed;

    PacketIoReceiveTest(PacketIoProvider provider) {
        io = provider.open(0, tunFd, true, new OutboundLog(), inbound, new BulkLoad(), failures);
    }

    @BeforeEach
    void start() {
        io.start();
    }

    @AfterEach
    void close() {
        if (!closed) {
            io.close();
        }
        Libc.close(tunFd);
        senders.forEach(Libc::close);
        sockets.forEach(UdpSocket::close);
        assertEquals(List.of(), failures.all());
    }

    private UdpSocket open(boolean ipv6) {
        UdpSocket socket = LoopbackSocket.open(ipv6);
        sockets.add(socket);
        return socket;
    }

    private int senderTo(UdpSocket socket) {
        int fd = LoopbackSocket.connected(socket.ipv6(), LoopbackSocket.port(socket.fd()));
        senders.add(fd);
        return fd;
    }

    @Test
    void handsOnEachDatagramWithItsSourceAndPacketInformation() throws Exception {
        UdpSocket v4 = open(false);
        UdpSocket v6 = open(true);
        io.receiveFrom(List.of(v4, v6));
        int to4 = senderTo(v4);
        int to6 = senderTo(v6);
        LoopbackSocket.send(to4, 4, 148);
        inbound.await(1);
        LoopbackSocket.send(to6, 6, 1452);
        List<Received> received = inbound.await(2);

        assertEquals(2, received.size());
        Received first = received.get(0);
        assertEquals(v4, first.socket());
        assertEquals(4, first.number());
        assertEquals(148, first.length());
        assertEquals(4, first.sourceAddressBytes());
        assertEquals(LoopbackSocket.port(to4), first.sourcePort());
        Received second = received.get(1);
        assertEquals(v6, second.socket());
        assertEquals(1452, second.length());
        assertEquals(16, second.sourceAddressBytes());
        assertEquals(LoopbackSocket.port(to6), second.sourcePort());
        assertTrue(received.stream().allMatch(Received::packetInfo));
    }

    @Test
    void keepsTheOrderOfDatagrams() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        int sender = senderTo(socket);
        int count = 500;
        for (int i = 0; i < count; i++) {
            LoopbackSocket.send(sender, i, 4 + i);
        }
        List<Received> received = inbound.await(count);
        assertEquals(
                IntStream.range(0, count).boxed().toList(),
                received.stream().map(Received::number).toList());
        assertEquals(
                IntStream.range(4, 4 + count).boxed().toList(),
                received.stream().map(Received::length).toList());
    }

    @Test
    void handsOnRunsOfEqualDatagramsInOneReceive() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        int sender = senderTo(socket);
        LoopbackSocket.segment(sender, 1452);
        LoopbackSocket.send(sender, 7, 45 * 1452);
        List<Received> received = inbound.await(1);
        assertEquals(1, received.size());
        assertEquals(1452, received.getFirst().segmentBytes());
        assertEquals(45 * 1452, received.getFirst().length());
        assertFalse(received.getFirst().truncated());
    }

    @Test
    void handsOnTheShortestAndTheLongestDatagram() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        int sender = senderTo(socket);
        LoopbackSocket.send(sender, 0, 0);
        LoopbackSocket.send(sender, 1, 65507);
        List<Received> received = inbound.await(2);
        assertEquals(List.of(0, 65507), received.stream().map(Received::length).toList());
    }

    @Test
    void leavesTheBytesAloneUntilTheBatchHasEnded() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        int sender = senderTo(socket);
        for (int i = 0; i < 1000; i++) {
            LoopbackSocket.send(sender, i, 1000);
        }
        List<Received> received = inbound.await(1000);
        assertEquals(1000, received.size());
        assertTrue(received.stream().allMatch(Received::stillThere));
    }

    @Test
    void goesOnAfterABurstThatFoundEveryBufferInUse() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        int sender = senderTo(socket);
        inbound.pause();
        for (int i = 0; i < 200; i++) {
            LoopbackSocket.send(sender, i, 500);
        }
        TimeUnit.MILLISECONDS.sleep(50);
        inbound.resume();
        for (int i = 200; i < 300; i++) {
            LoopbackSocket.send(sender, i, 500);
        }
        assertEquals(
                IntStream.range(0, 300).boxed().toList(),
                inbound.await(300).stream().map(Received::number).toList());
        assertTrue(inbound.batches() > 1);
    }

    @Test
    void goesOnAfterAnExceptionOfTheDuty() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        int sender = senderTo(socket);
        inbound.throwOnce();
        for (int i = 0; i < 100; i++) {
            LoopbackSocket.send(sender, i, 500);
        }
        assertEquals(
                IntStream.range(1, 100).boxed().toList(),
                inbound.await(99).stream().map(Received::number).toList());
    }

    @Test
    void receivesFromNewSocketsOnlyOnceTheyAreReplaced() throws Exception {
        UdpSocket before = open(false);
        UdpSocket kept = open(true);
        UdpSocket after = open(false);
        io.receiveFrom(List.of(before, kept));
        int toBefore = senderTo(before);
        LoopbackSocket.send(toBefore, 1, 100);
        inbound.await(1);

        io.receiveFrom(List.of(kept, after));
        LoopbackSocket.send(toBefore, 2, 100);
        LoopbackSocket.send(senderTo(after), 3, 100);
        inbound.await(2);
        LoopbackSocket.send(senderTo(kept), 4, 100);
        assertEquals(List.of(1, 3, 4), inbound.await(3).stream().map(Received::number).toList());
    }

    @Test
    void freesThePortOfASocketThatWasTakenAway() {
        UdpSocket socket = LoopbackSocket.open(false);
        int port = LoopbackSocket.port(socket.fd());
        io.receiveFrom(List.of(socket));
        io.receiveFrom(List.of());
        socket.close();
        Libc.close(LoopbackSocket.bound(false, port));
    }

    @Test
    void bindsAgainAndAgainWithoutLosingReceives() throws Exception {
        for (int i = 0; i < 50; i++) {
            UdpSocket socket = LoopbackSocket.open(false);
            io.receiveFrom(List.of(socket));
            int sender = senderTo(socket);
            LoopbackSocket.send(sender, i, 64);
            assertEquals(i, inbound.await(i + 1).getLast().number());
            io.receiveFrom(List.of());
            socket.close();
        }
    }

    /** Timers that tick for nothing cost battery, and on a busy link a kernel timer per wait. */
    @Test
    void sleepsWhileThereIsNothingToDo() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        LoopbackSocket.send(senderTo(socket), 1, 100);
        inbound.await(1);
        TimeUnit.MILLISECONDS.sleep(100);
        String before = sleeps("inbound-0") + sleeps("outbound-0");
        TimeUnit.MILLISECONDS.sleep(1500);
        assertEquals(before, sleeps("inbound-0") + sleeps("outbound-0"));
    }

    /** How often the thread of that name has gone to sleep, as proc(5) tells it. */
    private static String sleeps(String thread) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
                    return Files.readString(task.resolve("status"))
                            .lines()
                            .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                            .findFirst()
                            .orElseThrow();
                }
            }
        }
        throw new AssertionError("no thread " + thread);
    }

    @Test
    void stopsWithinASecondWhileDatagramsArrive() throws Exception {
        UdpSocket socket = open(false);
        io.receiveFrom(List.of(socket));
        int sender = senderTo(socket);
        Thread flood =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 0; i < 2000 && !Thread.interrupted(); i++) {
                                LoopbackSocket.send(sender, i, 1400);
                            }
                        });
        inbound.await(10);
        assertTimeout(Duration.ofSeconds(1), io::close);
        closed = true;
        int count = inbound.count();
        flood.interrupt();
        flood.join();
        assertEquals(count, inbound.count());
    }
}
