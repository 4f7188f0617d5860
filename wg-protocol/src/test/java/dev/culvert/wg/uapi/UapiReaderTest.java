package dev.culvert.wg.uapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UapiReaderTest {
    private static final String KEY = "0a".repeat(32);

    @Test
    void readsWhatTheWriterWritesButSecretKeys() throws Exception {
        byte[] publicKey = key(3);
        EndpointAddress endpoint = new EndpointAddress(new byte[] {10, 1, 2, 3}, 51820, "");
        PeerSnapshot full =
                new PeerSnapshot(
                        publicKey,
                        key(4),
                        endpoint,
                        1_700_000_000_123_456_789L,
                        1L << 40,
                        42,
                        7,
                        8,
                        25,
                        List.of(new AllowedIp(new byte[4], 0)));
        PeerSnapshot bare = new PeerSnapshot(key(5), null, null, 0, 0, 0, 0, 0, 0, List.of());
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        UapiWriter.writeDevice(
                new DeviceSnapshot(key(1), 51820, 7, List.of(full, bare)),
                Map.of("drop-replayed", 3L),
                answer);

        List<PeerSnapshot> peers = read(answer.toString(StandardCharsets.US_ASCII));

        assertEquals(2, peers.size());
        PeerSnapshot first = peers.getFirst();
        assertArrayEquals(publicKey, first.publicKey());
        assertNull(first.presharedKey());
        assertNotNull(first.endpoint());
        assertArrayEquals(endpoint.address(), first.endpoint().address());
        assertEquals(endpoint.port(), first.endpoint().port());
        assertEquals(1_700_000_000_123_456_789L, first.lastHandshakeWallNs());
        assertEquals(List.of(1L << 40, 42L), List.of(first.txBytes(), first.rxBytes()));
        assertEquals(List.of(-1L, -1L), List.of(first.txPackets(), first.rxPackets()));
        assertNull(peers.getLast().endpoint());
        assertEquals(0, peers.getLast().lastHandshakeWallNs());
        assertEquals(0, peers.getLast().rxBytes());
    }

    @Test
    void passesOverWhatOthersAdd() throws Exception {
        assertEquals(
                1,
                read("own_key=" + KEY + "\npublic_key=" + KEY + "\nfuture=1=2\nerrno=0\n\n")
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "errno=1\n",
                "listen_port=1\n",
                "public_key=00\nerrno=0\n",
                "tx_bytes=-1\nerrno=0\n",
                "rx_bytes=99999999999999999999\nerrno=0\n",
                "garbage\nerrno=0\n",
            })
    void refusesWhatIsNoAnswer(String answer) {
        assertThrows(UapiException.class, () -> read(answer));
    }

    private static List<PeerSnapshot> read(String answer) throws UapiException {
        UapiReader reader = new UapiReader();
        for (String line : answer.lines().takeWhile(text -> !text.isEmpty()).toList()) {
            byte[] bytes = (">" + line + "<").getBytes(StandardCharsets.US_ASCII);
            reader.line(bytes, 1, line.length());
        }
        return reader.finish();
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }
}
