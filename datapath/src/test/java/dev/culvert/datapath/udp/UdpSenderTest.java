package dev.culvert.datapath.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Iovec;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.MsgHdr;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends over the loopback device and looks at what arrives. */
final class UdpSenderTest {
    private static final int SO_NO_CHECK = 11;
    private static final int UDP_NO_CHECK6_TX = 101;
    private static final int UDP_NO_CHECK6_RX = 102;
    private static final byte[] LOOPBACK4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final Arena arena = Arena.ofConfined();
    private final UdpSocketPair from;
    private final UdpSocketPair to;
    private final UdpSender sender = new UdpSender(arena);
    private final MemorySegment buf = arena.allocate(65536, 64);
    private final ReceivedMessage meta = new ReceivedMessage();
    private final ControlMessages control = new ControlMessages();
    private final MemorySegment received = arena.allocate(65536, 64);
    private final MemorySegment header = arena.allocate(MsgHdr.SIZE_BYTES, 8);
    private final MemorySegment iovec = arena.allocate(Iovec.SIZE_BYTES, 8);
    private final MemorySegment name = arena.allocate(ReceivedMessage.NAME_CAPACITY_BYTES, 8);
    private final MemorySegment controlBuf =
            arena.allocate(ReceivedMessage.CONTROL_CAPACITY_BYTES, 8);

    UdpSenderTest() throws UdpBindException {
        from = UdpSocketPair.bind(0, 0, new UdpOffload(true, true), UdpAddresses.ANY);
        to = UdpSocketPair.bind(0, 0, new UdpOffload(true, false), UdpAddresses.ANY);
    }

    @AfterEach
    void close() {
        from.close();
        to.close();
        arena.close();
    }

    private UdpEndpoint endpoint(boolean ipv6) {
        return Objects.requireNonNull(UdpEndpoint.of(ipv6 ? LOOPBACK6 : LOOPBACK4, to.port(), ""));
    }

    private UdpSocket socket(UdpSocketPair pair, UdpEndpoint family) {
        return Objects.requireNonNull(pair.socketFor(family));
    }

    /** Receives one datagram into {@link #meta} and {@link #control}; its length. */
    private int receive(UdpSocketPair at, UdpEndpoint family) {
        Iovec.set(iovec, 0, 0, received.address(), received.byteSize());
        MsgHdr.setName(header, 0, name.address(), ReceivedMessage.NAME_CAPACITY_BYTES);
        MsgHdr.setIovecs(header, 0, iovec.address(), 1);
        MsgHdr.setControl(header, 0, controlBuf.address(), ReceivedMessage.CONTROL_CAPACITY_BYTES);
        int length = Libc.recvmsg(socket(at, family).fd(), header, 0, 0);
        meta.wrap(
                name,
                0,
                MsgHdr.nameLength(header, 0),
                controlBuf,
                0,
                (int) MsgHdr.controlLength(header, 0),
                false);
        control.parse(meta);
        return length;
    }

    private List<Integer> receiveAll(UdpEndpoint family) {
        List<Integer> lengths = new ArrayList<>();
        for (int length = receive(to, family); length >= 0; length = receive(to, family)) {
            lengths.add(length);
        }
        return lengths;
    }

    private static List<Integer> expected(int length, int segmentBytes) {
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < length; at += segmentBytes) {
            lengths.add(Math.min(segmentBytes, length - at));
        }
        return lengths;
    }

    @ParameterizedTest
    @CsvSource({
        "false, 65340, 1452",
        "false, 3000, 1452",
        "false, 96, 96",
        "false, 64, 1",
        "false, 65507, 65507",
        "true, 65340, 1452",
        "true, 65527, 65527",
        "true, 200, 100"
    })
    void sendsARunAsItsDatagrams(boolean ipv6, int length, int segmentBytes) {
        UdpEndpoint family = endpoint(ipv6);
        assertEquals(0, sender.send(socket(from, family), family, 0, buf, 0, length, segmentBytes));
        assertEquals(expected(length, segmentBytes), receiveAll(family));
        assertTrue(socket(from, family).segmentation());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsTheSameWithoutSegmentation(boolean ipv6) {
        UdpEndpoint family = endpoint(ipv6);
        socket(from, family).refuseSegmentation();
        for (int i = 0; i < 3000; i++) {
            buf.set(ValueLayout.JAVA_BYTE, i, (byte) (i / 1000));
        }
        assertEquals(0, sender.send(socket(from, family), family, 0, buf, 0, 2900, 1000));
        for (int i = 0; i < 3; i++) {
            assertEquals(i < 2 ? 1000 : 900, receive(to, family));
            assertEquals((byte) i, received.get(ValueLayout.JAVA_BYTE, 0));
        }
        assertEquals(-Errno.EAGAIN, receive(to, family));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void switchesSegmentationOffWhenTheKernelRefusesARun(boolean ipv6) {
        UdpEndpoint family = endpoint(ipv6);
        UdpSocket socket = socket(from, family);
        assertEquals(0, sender.send(socket, family, 0, buf, 0, 200, 100));
        assertEquals(List.of(100, 100), receiveAll(family));
        assertEquals(0, sender.segmentationRefusals());
        // Datagrams without checksum cannot be segmented: EINVAL.
        if (ipv6) {
            Libc.setsockopt(socket.fd(), SocketConstants.SOL_UDP, UDP_NO_CHECK6_TX, 1);
            int receiver = socket(to, family).fd();
            Libc.setsockopt(receiver, SocketConstants.SOL_UDP, UDP_NO_CHECK6_RX, 1);
        } else {
            Libc.setsockopt(socket.fd(), SocketConstants.SOL_SOCKET, SO_NO_CHECK, 1);
        }
        assertEquals(0, sender.send(socket, family, 0, buf, 0, 2900, 1000));
        assertEquals(List.of(1000, 1000, 900), receiveAll(family));
        assertFalse(socket.segmentation());
        assertEquals(1, sender.segmentationRefusals());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void marksTheOuterHeaderAndTellsTheMarkOfAReceivedOne(boolean ipv6) {
        UdpEndpoint family = endpoint(ipv6);
        for (int tos : new int[] {0x88, 0, 2, 3}) {
            assertEquals(0, sender.send(socket(from, family), family, tos, buf, 0, 2000, 1000));
            assertEquals(1000, receive(to, family));
            assertEquals(tos, control.tos());
            assertEquals(1000, receive(to, family));
            assertEquals(tos, control.tos());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersWhereAPacketCameFromAndByTheAddressThatItCameTo(boolean ipv6) {
        UdpEndpoint family = endpoint(ipv6);
        sender.send(socket(from, family), family, 0, buf, 0, 100, 100);
        assertEquals(100, receive(to, family));
        assertTrue(control.hasLocal());
        UdpEndpoint back = UdpEndpoint.of(meta, control);
        assertTrue(back.matches(meta, control));
        assertEquals(from.port(), back.port());
        assertEquals(ipv6 ? 16 : 4, back.address().length);
        assertTrue(back.hasSource());
        assertFalse(back.withoutSource().matches(meta, control));
        assertTrue(back.sameDestination(back.withoutSource()));
        assertFalse(back.sameDestination(family));

        assertEquals(0, sender.send(socket(to, family), back, 0, buf, 0, 50, 50));
        assertEquals(50, receive(from, family));
        assertTrue(UdpEndpoint.of(meta, control).sameDestination(family));
    }

    @Test
    void answersByTheAddressThatWasMeantAmongSeveral() {
        UdpEndpoint other =
                Objects.requireNonNull(UdpEndpoint.of(new byte[] {127, 9, 9, 9}, to.port(), ""));
        sender.send(socket(from, other), other, 0, buf, 0, 100, 100);
        assertEquals(100, receive(to, other));
        UdpEndpoint back = UdpEndpoint.of(meta, control);
        assertEquals(0, sender.send(socket(to, other), back, 0, buf, 0, 50, 50));
        assertEquals(50, receive(from, other));
        assertTrue(UdpEndpoint.of(meta, control).sameDestination(other));
        assertFalse(sender.sourceRefused());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void forgetsASourceAddressThatIsNotOursAndSendsAgain(boolean ipv6) {
        UdpEndpoint family = endpoint(ipv6);
        sender.send(socket(from, family), family, 0, buf, 0, 100, 100);
        receive(to, family);
        UdpEndpoint foreign = UdpEndpointSources.withSource(family, ipv6);
        assertEquals(0, sender.send(socket(from, family), foreign, 0, buf, 0, 2000, 1000));
        assertTrue(sender.sourceRefused());
        assertEquals(List.of(1000, 1000), receiveAll(family));
        assertTrue(socket(from, family).segmentation(), "it was not segmentation's fault");
        assertEquals(0, sender.send(socket(from, family), family, 0, buf, 0, 100, 100));
        assertFalse(sender.sourceRefused());
    }

    @Test
    void givesTheErrnoOfADatagramThatCannotBeSent() {
        UdpEndpoint multicast =
                Objects.requireNonNull(UdpEndpoint.of(new byte[] {(byte) 255, -1, -1, -1}, 9, ""));
        int result = sender.send(socket(from, multicast), multicast, 0, buf, 0, 100, 100);
        assertEquals(-Errno.EACCES, result);
        assertNotNull(from.socketFor(multicast));
    }
}
