package dev.culvert.app.uapi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import dev.culvert.wg.uapi.AllowedIp;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.PeerSnapshot;
import dev.culvert.wg.uapi.UapiErrno;
import dev.culvert.wg.uapi.UapiSet;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UapiServerTest {
    @TempDir Path parent;

    private final RecordingDevice device = new RecordingDevice();
    private final CountDownLatch removed = new CountDownLatch(1);
    private final List<AutoCloseable> toClose = new ArrayList<>();

    /** Keeps what is set and shows its listen port: enough to see what reaches the device. */
    private static final class RecordingDevice implements UapiDevice {
        final List<UapiSet> sets = new ArrayList<>();
        byte[] privateKeyWhenSet = {};
        int refusal;
        int listenPort;
        List<PeerSnapshot> peers = List.of();
        Map<String, Long> statistics = Map.of();

        @Override
        public synchronized int set(UapiSet change) {
            sets.add(change);
            privateKeyWhenSet =
                    change.privateKey() == null ? new byte[0] : change.privateKey().clone();
            if (refusal == 0) {
                listenPort = change.listenPort().orElse(listenPort);
            }
            return refusal;
        }

        @Override
        public synchronized DeviceSnapshot get() {
            return new DeviceSnapshot(null, listenPort, 0, peers);
        }

        @Override
        public Map<String, Long> statistics() {
            return statistics;
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : toClose.reversed()) {
            each.close();
        }
    }

    @Nested
    final class Operations {
        @Test
        void severalOperationsPassThroughOneConnection() throws Exception {
            start();
            try (SocketChannel client = connect()) {
                send(client, "set=1\nlisten_port=7\n\nget=1\n\nset=1\n");
                assertEquals("errno=0\n\n", receive(client));
                assertEquals("listen_port=7\nerrno=0\n\n", receive(client));
                send(client, "listen_port=8\n\n");
                assertEquals("errno=0\n\n", receive(client));
            }
            assertEquals(OptionalInt.of(8), device.sets.getLast().listenPort());
        }

        @Test
        void theKeyReachesTheDeviceAndIsZeroedBehindIt() throws Exception {
            start();
            try (SocketChannel client = connect()) {
                send(client, "set=1\nprivate_key=" + "5a".repeat(32) + "\n\n");
                assertEquals("errno=0\n\n", receive(client));
            }
            assertEquals(0x5a, device.privateKeyWhenSet[31]);
            assertArrayEquals(new byte[32], device.sets.getFirst().privateKey());
        }

        @Test
        void theDevicesErrnoIsNegativeAfterASet() throws Exception {
            start();
            device.refusal = UapiErrno.EADDRINUSE;
            try (SocketChannel client = connect()) {
                send(client, "set=1\nlisten_port=7\n\n");
                assertEquals("errno=-98\n\n", receive(client));
                send(client, "get=1\n\n");
                assertEquals("listen_port=0\nerrno=0\n\n", receive(client));
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "set=1\nlisten_port=9\nfoo=bar\n\n",
                    "set=1\nfoo=bar\nlisten_port=9\n\n",
                    "set=1\nlisten_port=9\nlisten_port=70000\n\n",
                    "set=1\nlisten_port=9\npublic_key=zz\n\n",
                    "set=1\nlisten_port=9\nset=1\n\n",
                    "set=2\nlisten_port=9\n\n",
                    "hello\nlisten_port=9\n\n",
                    "\0\1\2\3\n\n",
                })
        void garbageIsRefusedAndLeavesDeviceAndConnectionUsable(String garbage) throws Exception {
            start();
            try (SocketChannel client = connect()) {
                send(client, garbage);
                assertEquals("errno=-22\n\n", receive(client));
                send(client, "get=1\n\n");
                assertEquals("listen_port=0\nerrno=0\n\n", receive(client));
            }
            assertTrue(device.sets.isEmpty());
        }

        @Test
        void aLineThatIsNoPairIsAProtocolError() throws Exception {
            start();
            try (SocketChannel client = connect()) {
                send(client, "set=1\ngarbage\n\n");
                assertEquals("errno=-71\n\n", receive(client));
            }
            assertTrue(device.sets.isEmpty());
        }

        @ParameterizedTest
        @ValueSource(strings = {"get=1\nlisten_port=1\n\n", "get=2\n\n", "get\n\n"})
        void aRefusedGetIsAnsweredInDigits(String request) throws Exception {
            start();
            try (SocketChannel client = connect()) {
                send(client, request);
                assertEquals("errno=22\n\n", receive(client));
            }
        }

        @Test
        void statisticsAreFurtherKeysOfTheDevice() throws Exception {
            start();
            device.statistics = Map.of("drop-replayed", 3L);
            try (SocketChannel client = connect()) {
                send(client, "get=1\n\n");
                assertEquals(
                        "listen_port=0\nculvert_drop_replayed=3\nerrno=0\n\n", receive(client));
            }
        }

        @Test
        void halfARequestChangesNothing() throws Exception {
            start();
            try (SocketChannel client = connect()) {
                send(client, "set=1\nlisten_port=9\n");
                client.shutdownOutput();
                assertEquals("", receive(client));
            }
            assertTrue(device.sets.isEmpty());
        }

        @Test
        void anEndlessLineEndsTheConnection() throws Exception {
            start();
            try (SocketChannel client = connect()) {
                send(client, "set=1\nprivate_key=" + "0".repeat(300));
                assertEquals("", receive(client));
            }
            assertTrue(device.sets.isEmpty());
        }

        @Test
        void aLargeAnswerArrivesWhole() throws Exception {
            List<AllowedIp> allowedIps = new ArrayList<>();
            for (int i = 0; i < 130_560; i++) {
                allowedIps.add(
                        new AllowedIp(
                                new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}, 32));
            }
            device.peers =
                    List.of(
                            new PeerSnapshot(
                                    new byte[32], null, null, 0, 0, 0, 0, 0, 0, allowedIps));
            start();
            try (SocketChannel client = connect()) {
                send(client, "get=1\n\n");
                String answer = receive(client);
                assertEquals(
                        130_560, answer.lines().filter(l -> l.startsWith("allowed_ip=")).count());
            }
        }
    }

    @Nested
    final class Clients {
        @Test
        void aSilentClientHoldsUpNobody() throws Exception {
            start();
            try (SocketChannel silent = connect();
                    SocketChannel halfway = connect();
                    SocketChannel client = connect()) {
                send(halfway, "set=1\nlisten_");
                send(client, "get=1\n\n");
                assertEquals("listen_port=0\nerrno=0\n\n", receive(client));
                assertTrue(silent.isOpen());
            }
        }

        @Test
        void oneTooManyClosesTheConnectionThatWasSilentLongest() throws Exception {
            start();
            SocketChannel first = closeLater(connect());
            send(first, "get=1\n\n");
            receive(first);
            for (int i = 0; i < UapiServer.MAX_CONNECTIONS; i++) {
                SocketChannel next = closeLater(connect());
                send(next, "get=1\n\n");
                assertEquals("listen_port=0\nerrno=0\n\n", receive(next));
            }
            assertEquals("", receive(first));
        }
    }

    @Nested
    final class Publishing {
        @Test
        void onlyTheOwnerMayConnectAndAnyoneMayList() throws Exception {
            start();
            assertEquals(
                    "rwxr-xr-x",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())));
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
            try (var files = Files.list(directory())) {
                assertEquals(List.of(socket()), files.toList(), "no temporary file is left");
            }
        }

        @Test
        void aSocketLeftBehindIsReplaced() throws Exception {
            Files.createDirectories(directory());
            try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                dead.bind(UnixDomainSocketAddress.of(socket()));
            }
            start();
            try (SocketChannel client = connect()) {
                send(client, "get=1\n\n");
                assertEquals("listen_port=0\nerrno=0\n\n", receive(client));
            }
        }

        @Test
        void aLiveSocketIsInUseAndStays() throws Exception {
            start();
            UapiSocketException refused =
                    assertThrows(
                            UapiSocketException.class,
                            () -> UapiSocket.publish(directory(), "wg0"));
            assertEquals(socket() + " is in use by another process", refused.getMessage());
            try (SocketChannel client = connect()) {
                send(client, "get=1\n\n");
                assertEquals("listen_port=0\nerrno=0\n\n", receive(client));
            }
        }

        @Test
        void aDirectoryThatCannotBeMadeIsOneLine() throws Exception {
            Files.writeString(directory(), "a file");
            UapiSocketException refused =
                    assertThrows(
                            UapiSocketException.class,
                            () -> UapiSocket.publish(directory(), "wg0"));
            assertEquals(1, refused.toString().lines().count());
            assertTrue(
                    refused.toString().contains("cannot listen on " + socket()),
                    refused.toString());
        }

        @Test
        void closingRemovesTheFile() throws Exception {
            start().close();
            toClose.clear();
            assertFalse(Files.exists(socket()));
        }

        @Test
        void closingLeavesAFileThatIsNotItsOwn() throws Exception {
            UapiServer server = start();
            Files.delete(socket());
            Files.writeString(socket(), "another one's");
            server.close();
            toClose.clear();
            assertTrue(Files.exists(socket()));
        }

        @Test
        void theRemovalOfTheFileIsNoticed() throws Exception {
            start();
            Files.delete(socket());
            assertTrue(removed.await(5, TimeUnit.SECONDS));
        }

        @Test
        void aListeningSocketIsAdopted() throws Exception {
            Files.createDirectories(directory());
            int fd = listen(true);
            serve(UapiSocket.adopt(fd, directory(), "wg0"));
            try (SocketChannel client = connect()) {
                send(client, "get=1\n\n");
                assertEquals("listen_port=0\nerrno=0\n\n", receive(client));
            }
            Files.delete(socket());
            assertTrue(removed.await(5, TimeUnit.SECONDS));
        }

        @Test
        void aDescriptorThatDoesNotListenIsRefused() throws Exception {
            Files.createDirectories(directory());
            int fd = listen(false);
            toClose.add(() -> Libc.close(fd));
            assertThrows(UapiSocketException.class, () -> UapiSocket.adopt(fd, directory(), "wg0"));
            assertThrows(
                    UapiSocketException.class, () -> UapiSocket.adopt(9999, directory(), "wg0"));
        }
    }

    private int listen(boolean really) {
        int fd = Libc.socket(SocketConstants.AF_UNIX, SocketConstants.SOCK_STREAM, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddr.UN_BYTES);
            int length = SockAddr.encodeUnix(socket().toString(), address, 0);
            assertEquals(0, Libc.bind(fd, address, 0, length));
        }
        if (really) {
            assertEquals(0, Libc.listen(fd, 8));
        }
        return fd;
    }

    private Path directory() {
        return parent.resolve("wireguard");
    }

    private Path socket() {
        return directory().resolve("wg0.sock");
    }

    private UapiServer start() throws UapiSocketException {
        return serve(UapiSocket.publish(directory(), "wg0"));
    }

    private UapiServer serve(UapiSocket socket) {
        UapiServer server = closeLater(new UapiServer(socket, device, removed::countDown));
        server.start();
        return server;
    }

    private <T extends AutoCloseable> T closeLater(T closeable) {
        toClose.add(closeable);
        return closeable;
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
    }

    private static void send(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    /** One answer, up to its empty line; "" when the server closed the connection. */
    private static String receive(SocketChannel client) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    StringBuilder answer = new StringBuilder();
                    ByteBuffer one = ByteBuffer.allocate(1);
                    ByteBuffer many = ByteBuffer.allocate(64 * 1024);
                    boolean large = false;
                    while (answer.length() < 2
                            || !answer.substring(answer.length() - 2).equals("\n\n")) {
                        ByteBuffer buffer = large ? many : one;
                        try {
                            if (client.read(buffer.clear()) < 0) {
                                break;
                            }
                        } catch (IOException reset) {
                            break;
                        }
                        answer.append(US_ASCII.decode(buffer.flip()));
                        large = answer.length() > 1000;
                    }
                    return answer.toString();
                });
    }
}
