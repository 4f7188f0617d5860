package dev.culvert.datapath.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.scheduling.LoadMeter;
import dev.culvert.datapath.udp.LoopbackSocket;
import dev.culvert.tun.TunDevice;
import dev.culvert.tun.TunOffload;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.sys.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines on a TUN device of the kernel. */
@Tag("netns")
@ParameterizedClass
@MethodSource("dev.culvert.datapath.io.Engines#forReads")
@Timeout(60)
final class PacketIoTunTest {
    private static final String LINK = "tun0";
    private static final byte[] BEYOND_THE_TUN = {10, 77, 0, 2};
    private static final int IP_AND_UDP_HEADERS = 28;
    private static final int VNET_HEADER = 10;

    private final PacketIoProvider provider;
    private final NetworkNamespace namespace = NetworkNamespace.create("io");
    private final OutboundLog outbound = new OutboundLog();
    private final FailureLog failures = new FailureLog();
    private final BulkLoad load = new BulkLoad();
    private final TunDevice tun;
    private final int sender;

    PacketIoTunTest(PacketIoProvider provider) throws Exception {
        this.provider = provider;
        tun = inside(() -> TunDevice.open(LINK, 1420, new TunOffload(true, true)));
        namespace.run("ip", "address", "add", "10.77.0.1/24", "dev", LINK);
        // Else the kernel sends router solicitations through the TUN when it comes up.
        namespace.sysctl("net.ipv6.conf." + LINK + ".disable_ipv6", "1");
        sender = inside(() -> LoopbackSocket.unbound(false));
    }

    private <T> T inside(Callable<T> task) throws Exception {
        return namespace.callInside(task);
    }

    @AfterEach
    void close() {
        Libc.close(sender);
        tun.close();
        namespace.close();
        assertEquals(List.of(), failures.all());
    }

    private PacketIo open() {
        return provider.open(
                0, tun.fd(), tun.vnetHeader(), outbound, new InboundLog(), load, failures);
    }

    private void link(String state) {
        namespace.run("ip", "link", "set", LINK, state);
    }

    private void connect() {
        LoopbackSocket.connect(sender, BEYOND_THE_TUN, 7777);
    }

    private static List<Integer> numbers(List<byte[]> reads) {
        List<Integer> numbers = new ArrayList<>();
        for (byte[] read : reads) {
            numbers.add(
                    ByteBuffer.wrap(read)
                            .order(ByteOrder.nativeOrder())
                            .getInt(VNET_HEADER + IP_AND_UDP_HEADERS));
        }
        return numbers;
    }

    @Test
    void keepsTheOrderOfPackets() throws Exception {
        link("up");
        connect();
        try (PacketIo io = open()) {
            io.start();
            int count = 5000;
            for (int i = 0; i < count; i++) {
                LoopbackSocket.send(sender, i, 100);
                if (i % 100 == 99) {
                    // No more than the TUN's own queue of 500 packets holds.
                    outbound.await(i + 1);
                }
            }
            assertEquals(
                    IntStream.range(0, count).boxed().toList(), numbers(outbound.await(count)));
        }
    }

    @Test
    void keepsTheOrderOfPacketsWhileTheThreadsTakeTurns() throws Exception {
        link("up");
        connect();
        LoadMeter meter = new LoadMeter(load);
        long nowNs = 0;
        try (PacketIo io = open()) {
            io.start();
            int count = 10_000;
            for (int i = 0; i < count; i++) {
                LoopbackSocket.send(sender, i, 100);
                if (i % 10 == 9) {
                    // A second in which much moved, or nothing.
                    meter.count(i % 20 == 9 ? 1_000_000_000 : 0);
                    nowNs += 1_000_000_000;
                    meter.onBatchEnd(nowNs);
                }
                if (i % 200 == 199) {
                    outbound.await(i + 1);
                }
            }
            assertEquals(
                    IntStream.range(0, count).boxed().toList(), numbers(outbound.await(count)));
        }
    }

    @Test
    void readsSuperPacketsWhole() throws Exception {
        link("up");
        connect();
        LoopbackSocket.segment(sender, 1372);
        assertTrue(tun.udpSegmentation(), "the kernel has USO");
        try (PacketIo io = open()) {
            io.start();
            LoopbackSocket.send(sender, 0, 40 * 1372);
            byte[] read = outbound.await(1).getFirst();
            assertEquals(VNET_HEADER + IP_AND_UDP_HEADERS + 40 * 1372, read.length);
        }
    }

    @Test
    void waitsWhileTheDeviceIsDown() throws Exception {
        try (PacketIo io = open()) {
            io.start();
            link("up");
            connect();
            LoopbackSocket.send(sender, 1, 100);
            assertEquals(List.of(1), numbers(outbound.await(1)));
            link("down");
            link("up");
            LoopbackSocket.send(sender, 2, 100);
            assertEquals(List.of(1, 2), numbers(outbound.await(2)));
        }
    }

    @Test
    void reportsThatTheDeviceWasDeleted() throws Exception {
        link("up");
        PacketIo io = open();
        io.start();
        connect();
        LoopbackSocket.send(sender, 1, 100);
        outbound.await(1);
        namespace.run("ip", "link", "delete", LINK);
        assertEquals("tun EBADFD", failures.await(2000));
        assertTimeout(Duration.ofSeconds(1), io::close);
    }

    @Test
    void leavesTheDeviceToItsOwner() throws Exception {
        link("up");
        PacketIo first = open();
        first.start();
        first.close();
        connect();
        try (PacketIo second = open()) {
            second.start();
            LoopbackSocket.send(sender, 3, 100);
            assertEquals(List.of(3), numbers(outbound.await(1)));
        }
    }
}
