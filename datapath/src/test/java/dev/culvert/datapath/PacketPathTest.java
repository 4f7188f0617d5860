package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageTransport;
import dev.culvert.wg.peer.Endpoint;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packet path, TUN to TUN, in one thread. */
final class PacketPathTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final PacketPath path = new PacketPath();

    PacketPathTest() throws Exception {}

    @AfterEach
    void close() {
        path.close();
    }

    private void send(byte[]... packets) {
        for (byte[] packet : packets) {
            path.read(packet);
        }
        path.outbound.onBatchEnd();
    }

    private long dropsInbound(DropReason reason) {
        return path.inboundDrops.get(reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 31, 32, 33, 100, 1404, 1405, 1419, 1420, 9000, 60_000})
    void deliversAPacketAsItWas(int length) {
        send(Packets.ipv4(length));
        path.receive();
        assertEquals(1, path.delivered.size());
        assertArrayEquals(Packets.ipv4(length), path.delivered.getFirst());
        assertEquals(0, path.outboundDrops.total() + path.inboundDrops.total());
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 41, 1280, 1420})
    void deliversIpv6(int length) {
        send(Packets.ipv6(length, 0));
        path.receive();
        assertEquals(1, path.delivered.size());
        assertArrayEquals(Packets.ipv6(length, 0), path.delivered.getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "20, 32",
        "32, 32",
        "33, 48",
        "1404, 1408",
        "1409, 1420",
        "1420, 1420",
        "2000, 2000"
    })
    void padsToSixteenBytesButNotBeyondTheMtu(int length, int padded) {
        send(Packets.ipv4(length));
        assertEquals(padded + MessageTransport.OVERHEAD, path.take().length);
    }

    @Test
    void keepsTheOrderOfPacketsOfAllSizes() {
        Random random = new Random(2);
        for (int round = 0; round < 100; round++) {
            int count = 1 + random.nextInt(16);
            byte[][] packets = new byte[count][];
            for (int i = 0; i < count; i++) {
                int length = random.nextBoolean() ? 1420 : 20 + random.nextInt(1401);
                packets[i] =
                        random.nextBoolean() || length < 40
                                ? Packets.ipv4(length)
                                : Packets.ipv6(length, 0);
            }
            path.delivered.clear();
            send(packets);
            int batches = 0;
            while (path.receive() > 0) {
                batches++;
            }
            assertTrue(batches > 0);
            assertEquals(count, path.delivered.size());
            for (int i = 0; i < count; i++) {
                assertArrayEquals(packets[i], path.delivered.get(i));
            }
        }
        assertEquals(0, path.outboundDrops.total() + path.inboundDrops.total());
    }

    @Test
    void sendsEqualPacketsOfABatchInOneRun() {
        byte[][] packets = new byte[10][];
        Arrays.fill(packets, Packets.ipv4(1000));
        send(packets);
        assertEquals(1, path.receive(), "one receive by UDP_GRO of what one sendmsg sent");
        assertEquals(10, path.delivered.size());
        assertEquals(10, path.session.right.peer.rxPackets(), "each of the run counts");
    }

    @Test
    void countsBytesAndPacketsOfThePeer() {
        send(Packets.ipv4(100), Packets.ipv4(1420));
        long bytes = 112 + 32 + 1420 + 32;
        assertEquals(bytes, path.session.left.peer.txBytes());
        assertEquals(2, path.session.left.peer.txPackets());
        path.receive();
        assertEquals(bytes, path.session.right.peer.rxBytes());
        assertEquals(2, path.session.right.peer.rxPackets());
    }

    @Test
    void countsNothingAsSentThatTheKernelRefuses() {
        byte[] broadcast = {(byte) 255, (byte) 255, (byte) 255, (byte) 255};
        path.session.left.peer.roam(Objects.requireNonNull(UdpEndpoint.of(broadcast, 9, "")));
        send(Packets.ipv4(100));
        assertEquals(1, path.outboundDrops.get(DropReason.SEND_FAILED));
        assertEquals(0, path.session.left.peer.txBytes());
        assertEquals(0, path.session.left.peer.txPackets());
    }

    @Test
    void copiesTheInnerEcnFieldOut() {
        for (int ecn = 0; ecn < 4; ecn++) {
            send(Packets.ipv4(0x0a520001, 0x0a510001, 100, 0xb8 | ecn));
            path.receive();
            byte[] delivered = path.delivered.removeFirst();
            assertEquals(0xb8 | ecn, delivered[1] & 0xff);
        }
        send(Packets.ipv6(100, 0xb8 | 2));
        path.receive();
        assertArrayEquals(Packets.ipv6(100, 0xb8 | 2), path.delivered.getFirst());
    }

    @Test
    void stagesPacketsWhileThereIsNoSession() {
        var keypair = path.session.left.keypair();
        path.session.left.peer.setCurrent(null);
        send(Packets.ipv4(100), Packets.ipv4(200));
        assertEquals(0, path.take().length);
        assertEquals(2, path.session.left.peer.stagedPackets());
        path.session.left.peer.setCurrent(keypair);
        // Behind those that wait, so that they are not overtaken.
        send(Packets.ipv4(300));
        assertEquals(3, path.session.left.peer.stagedPackets());
    }

    @Test
    void countsPacketsWithoutPeerEndpointOrSocket() {
        send(Packets.ipv4(0x0a520001, 0x01010101, 100, 0));
        assertEquals(1, path.outboundDrops.get(DropReason.NO_PEER));
        path.leftPort.replace(null);
        send(Packets.ipv4(100), Packets.ipv4(100));
        assertEquals(2, path.outboundDrops.get(DropReason.NO_SOCKET));
        send(new byte[] {0x45}, new byte[] {}, new byte[60], Packets.ipv6(40, 0));
        assertEquals(3, path.outboundDrops.get(DropReason.INNER_NOT_IP));
    }

    @Test
    void answersWhereTheLastAuthenticPacketCameFrom() {
        send(Packets.ipv4(100));
        byte[] genuine = path.take();
        Endpoint none = path.session.right.peer.endpoint();
        assertEquals(null, none);
        byte[] forged = genuine.clone();
        forged[forged.length - 1] ^= 1;
        path.inject(forged);
        assertEquals(null, path.session.right.peer.endpoint());
        path.inject(genuine);
        Endpoint roamed = path.session.right.peer.endpoint();
        assertNotNull(roamed);
        assertTrue(roamed.sameDestination(PacketPath.endpoint(path.leftSockets.port())));
        send(Packets.ipv4(100));
        path.receive();
        assertEquals(roamed, path.session.right.peer.endpoint(), "the same object: no change");
        assertTrue(roamed instanceof UdpEndpoint);
    }

    @Test
    void dropsAndCountsWhatIsReplayed() {
        send(Packets.ipv4(100));
        byte[] genuine = path.take();
        path.inject(genuine.clone());
        path.inject(genuine.clone());
        assertEquals(1, path.delivered.size());
        assertEquals(1, dropsInbound(DropReason.COUNTER_REPLAYED));
    }

    @Test
    void dropsAnInnerSourceThatIsNotThePeers() {
        send(Packets.ipv4(0x0a530001, 0x0a510001, 100, 0));
        path.receive();
        assertEquals(0, path.delivered.size());
        assertEquals(1, dropsInbound(DropReason.SOURCE_NOT_ALLOWED));
    }

    @Test
    void dropsEveryTruncationAndEveryBitFlipAndCountsIt() {
        send(Packets.ipv4(40));
        byte[] genuine = path.take();
        long dropped = 0;
        for (int length = 1; length < genuine.length; length++) {
            path.inject(Arrays.copyOf(genuine, length));
            assertEquals(++dropped, path.inboundDrops.total());
        }
        for (int bit = 0; bit < genuine.length * 8; bit++) {
            byte[] flipped = genuine.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            path.inject(flipped);
            assertEquals(++dropped, path.inboundDrops.total(), "bit " + bit);
        }
        assertEquals(0, path.delivered.size());
        path.inject(genuine);
        assertEquals(1, path.delivered.size());
    }

    @Test
    void passesHandshakeMessagesToTheHomeThreadOfExactLengthsAlone() {
        for (int type = 1; type <= 3; type++) {
            for (int length = 0; length <= 200; length++) {
                byte[] message =
                        ByteBuffer.allocate(Math.max(4, length))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(type)
                                .array();
                path.inject(Arrays.copyOf(message, length));
            }
        }
        assertEquals(3, path.handshakes.size());
        assertEquals(3, path.homeWakes);
        assertEquals(3 * 201 - 3, dropsInbound(DropReason.NOT_A_MESSAGE));
    }

    @Test
    void countsHandshakeMessagesThatFindTheRingFull() {
        byte[] message = ByteBuffer.allocate(148).put((byte) 1).array();
        for (int i = 0; i < 1030; i++) {
            path.inject(message);
        }
        assertEquals(1024, path.handshakes.size());
        assertEquals(6, dropsInbound(DropReason.HANDSHAKE_QUEUE_FULL));
    }

    @Test
    void takesRandomBytesOfAnyLength() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (bytes.length > 8 && random.nextBoolean()) {
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(4)
                        .putInt(path.session.right.keypair().localIndex());
            }
            path.inject(bytes);
        }
        assertEquals(20_000, path.inboundDrops.total() + path.handshakes.size());
        assertEquals(0, path.delivered.size());
    }

    @Test
    void opensNothingUnderARetiredKeypair() {
        send(Packets.ipv4(100));
        path.session.right.keypair().retire();
        path.receive();
        assertEquals(1, dropsInbound(DropReason.SESSION_EXPIRED));
        path.session.left.keypair().retire();
        send(Packets.ipv4(100));
        assertEquals(1, path.session.left.peer.stagedPackets());
    }

    @Test
    void letsGoOfTheKeypairAtTheEndOfEachBatch() {
        send(Packets.ipv4(100));
        path.receive();
        path.session.left.keypair().retire();
        path.session.right.keypair().retire();
        assertTrue(path.session.left.keypair().isZeroed());
        assertTrue(path.session.right.keypair().isZeroed());
    }

    @Test
    void allocatesNothingPerPacketOnceItIsCompiled() {
        path.keepDelivered = false;
        byte[] packet = Packets.ipv4(1420);
        byte[] header = new byte[10];
        int batches = 400;
        int perBatch = 30;
        int packets = batches * perBatch;
        long bytes = Long.MAX_VALUE;
        // Until the compiler is through, objects that never escape are still made.
        for (int round = 0; round < 200 && bytes >= packets / 10; round++) {
            bytes = allocatedBytes();
            for (int batch = 0; batch < batches; batch++) {
                for (int i = 0; i < perBatch; i++) {
                    path.read(header, packet);
                }
                path.outbound.onBatchEnd();
                path.receive();
            }
            bytes = allocatedBytes() - bytes;
            assertEquals((round + 1L) * packets, path.deliveredPackets);
        }
        assertTrue(bytes < packets / 10, bytes + " bytes for " + packets + " packets");
    }

    private static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }
}
