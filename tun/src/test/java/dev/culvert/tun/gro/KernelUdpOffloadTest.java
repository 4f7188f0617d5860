package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.packet.TestPacket;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Splitter and coalescer between two TUNs of the real kernel, under UDP. */
@Tag("netns")
class KernelUdpOffloadTest {
    private static final int SEGMENT_BYTES = 1200;
    private static final int BURST_BYTES = 40 * SEGMENT_BYTES + 345;
    private static final int BURSTS = 20;

    /** A connected UDP socket whose sends the kernel is asked to cut into datagrams. */
    private static int segmentingSocket(byte[] address, int port) throws ErrnoException {
        boolean v4 = address.length == 4;
        int family = v4 ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
        int fd = ErrnoException.check("socket", Libc.socket(family, SocketConstants.SOCK_DGRAM, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(SockAddr.IN6_BYTES, 8);
            int length = SockAddr.encode(address, port, 0, target, 0);
            ErrnoException.check("connect", Libc.connect(fd, target, 0, length));
        }
        int level = SocketConstants.SOL_UDP;
        int set = Libc.setsockopt(fd, level, SocketConstants.UDP_SEGMENT, SEGMENT_BYTES);
        ErrnoException.check("UDP_SEGMENT", set);
        return fd;
    }

    @ParameterizedTest(name = "to {0}, gro {1}")
    @CsvSource({"10.77.0.2,true", "fd77::2,true", "10.77.0.2,false", "fd77::2,false"})
    void deliversWhatASenderHadSegmented(String address, boolean gro) throws Exception {
        InetAddress target = InetAddress.getByName(address);
        try (CabledHosts hosts = new CabledHosts(true, gro);
                Arena arena = Arena.ofConfined();
                DatagramSocket socket =
                        hosts.right.callInside(
                                () -> new DatagramSocket(new InetSocketAddress(target, 0)))) {
            socket.setSoTimeout(5000);
            int port = socket.getLocalPort();
            byte[] raw = target.getAddress();
            int fd = hosts.left.callInside(() -> segmentingSocket(raw, port));
            MemorySegment burst = arena.allocate(BURST_BYTES);
            byte[] content = TestPacket.bytes(new Random(3), BURST_BYTES);
            burst.copyFrom(MemorySegment.ofArray(content));
            try {
                for (int i = 0; i < BURSTS; i++) {
                    assertEquals(BURST_BYTES, Libc.write(fd, burst, 0, BURST_BYTES));
                    assertReceives(socket, content);
                }
            } finally {
                Libc.close(fd);
            }
            assertEquals(0, hosts.checksumErrors());
            assertEquals(0, hosts.there.rejections());
            assertEquals(0, hosts.there.coalescer.packetsLost());
            assertEquals(0, hosts.there.coalescer.superPacketsRefused());
            boolean uso = hosts.udpSegmentation();
            assertEquals(uso ? BURSTS : 0, hosts.there.readsOfUdpSuperPackets.get());
            assertEquals(uso && gro, hosts.there.coalescer.superPacketsWritten() >= BURSTS);
        }
    }

    private static void assertReceives(DatagramSocket socket, byte[] burst) throws Exception {
        DatagramPacket datagram = new DatagramPacket(new byte[2000], 2000);
        for (int at = 0; at < burst.length; at += SEGMENT_BYTES) {
            socket.receive(datagram);
            byte[] expected =
                    Arrays.copyOfRange(burst, at, Math.min(burst.length, at + SEGMENT_BYTES));
            byte[] actual = Arrays.copyOf(datagram.getData(), datagram.getLength());
            assertArrayEquals(expected, actual);
            datagram.setLength(2000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CabledHosts.RIGHT_V4, CabledHosts.RIGHT_V6})
    void carriesIperf(String address) throws Exception {
        try (CabledHosts hosts = new CabledHosts(true, true);
                RunningProcess server = hosts.right.start("iperf3", "-s", "-1", "--forceflush")) {
            server.awaitOutput("Server listening", Duration.ofSeconds(10));
            String json =
                    hosts.left.run(
                            "iperf3", "-c", address, "-u", "-b", "100M", "-l", "1300", "-t", "1",
                            "-J");
            JsonNode sum = new JsonMapper().readTree(json).get("end").get("sum");
            assertTrue(sum.get("packets").asLong() > 1000, sum::toString);
            assertTrue(sum.get("lost_percent").asDouble() < 30, sum::toString);
            assertEquals(0, hosts.checksumErrors());
            assertEquals(0, hosts.there.rejections());
            assertEquals(0, hosts.there.coalescer.packetsLost());
        }
    }
}
