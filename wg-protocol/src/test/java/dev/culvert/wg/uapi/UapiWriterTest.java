package dev.culvert.wg.uapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UapiWriterTest {
    private static final byte[] KEY = new byte[32];

    static {
        for (int i = 0; i < 32; i++) {
            KEY[i] = (byte) (i * 9);
        }
    }

    @Test
    void writesAnEmptyDevice() throws IOException {
        assertEquals(
                "listen_port=0\nerrno=0\n\n", write(new DeviceSnapshot(null, 0, 0, List.of())));
    }

    @Test
    void writesEveryKeyOfDeviceAndPeer() throws IOException {
        String hex = HexFormat.of().formatHex(KEY);
        PeerSnapshot full =
                new PeerSnapshot(
                        KEY.clone(),
                        KEY.clone(),
                        new EndpointAddress(address("fe80000000000000000000000000000a"), 7, "eth0"),
                        1_700_000_000_123_456_789L,
                        Long.MAX_VALUE,
                        42,
                        7,
                        8,
                        65535,
                        List.of(
                                new AllowedIp(address("0a000000"), 8),
                                new AllowedIp(address("00000000000000000000000000000000"), 0)));
        PeerSnapshot bare = new PeerSnapshot(new byte[32], null, null, 0, 0, 0, 0, 0, 0, List.of());
        String zeros = "0".repeat(64);
        assertEquals(
                String.join(
                        "\n",
                        "private_key=" + hex,
                        "listen_port=51820",
                        "fwmark=4294967295",
                        "public_key=" + hex,
                        "preshared_key=" + hex,
                        "protocol_version=1",
                        "endpoint=[fe80::a%eth0]:7",
                        "last_handshake_time_sec=1700000000",
                        "last_handshake_time_nsec=123456789",
                        "tx_bytes=9223372036854775807",
                        "rx_bytes=42",
                        "persistent_keepalive_interval=65535",
                        "allowed_ip=10.0.0.0/8",
                        "allowed_ip=::/0",
                        "public_key=" + zeros,
                        "preshared_key=" + zeros,
                        "protocol_version=1",
                        "last_handshake_time_sec=0",
                        "last_handshake_time_nsec=0",
                        "tx_bytes=0",
                        "rx_bytes=0",
                        "persistent_keepalive_interval=0",
                        "errno=0",
                        "",
                        ""),
                write(new DeviceSnapshot(KEY.clone(), 51820, 0xffff_ffffL, List.of(full, bare))));
    }

    @Test
    void whatItWritesOfAPeerTheParserReads() throws Exception {
        List<AllowedIp> allowedIps = new ArrayList<>();
        for (int i = 0; i < 130_560; i++) {
            allowedIps.add(
                    new AllowedIp(
                            new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}, 32));
        }
        PeerSnapshot peer =
                new PeerSnapshot(
                        KEY.clone(),
                        KEY.clone(),
                        new EndpointAddress(address("c0000201"), 51820, ""),
                        0,
                        0,
                        0,
                        0,
                        0,
                        25,
                        allowedIps);
        String text = write(new DeviceSnapshot(KEY.clone(), 1, 2, List.of(peer)));
        UapiParser parser = new UapiParser();
        for (String line : text.lines().toList()) {
            boolean statistics = line.matches("(last_handshake|tx_|rx_|errno).*");
            if (!statistics && !line.isEmpty()) {
                byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
                parser.line(bytes, 0, bytes.length);
            }
        }
        UapiSet set = parser.finish();
        List<AllowedIpChange> read = set.peers().getFirst().allowedIps();
        assertEquals(130_560, read.size());
        for (int i = 0; i < read.size(); i++) {
            assertEquals(
                    HexFormat.of().formatHex(allowedIps.get(i).address()),
                    HexFormat.of().formatHex(read.get(i).address()));
        }
    }

    @Test
    void addsStatisticsOfOurOwnToTheDevice() throws IOException {
        Map<String, Long> statistics = new LinkedHashMap<>();
        statistics.put("drop-bad-mac1", 3L);
        statistics.put("x".repeat(80), Long.MIN_VALUE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UapiWriter.writeDevice(new DeviceSnapshot(null, 7, 0, List.of()), statistics, out);
        assertEquals(
                "listen_port=7\nculvert_drop_bad_mac1=3\nculvert_"
                        + "x".repeat(80)
                        + "=-9223372036854775808\nerrno=0\n\n",
                out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void endsASetWithTheErrnoAsItIsGiven() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UapiWriter.writeErrno(-98, out);
        assertEquals("errno=-98\n\n", out.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void zeroClearsTheKeysOfASnapshot() {
        byte[] privateKey = KEY.clone();
        byte[] presharedKey = KEY.clone();
        PeerSnapshot peer =
                new PeerSnapshot(KEY.clone(), presharedKey, null, 0, 0, 0, 0, 0, 0, List.of());
        new DeviceSnapshot(privateKey, 0, 0, List.of(peer)).zero();
        for (int i = 0; i < 32; i++) {
            assertTrue(privateKey[i] == 0 && presharedKey[i] == 0);
        }
    }

    private static byte[] address(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String write(DeviceSnapshot device) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UapiWriter.writeDevice(device, out);
        return out.toString(StandardCharsets.US_ASCII);
    }
}
