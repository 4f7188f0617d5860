package dev.culvert.app.process;

import static dev.culvert.app.process.Dist.interfaceName;
import static dev.culvert.app.process.Dist.launcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real {@code wg}, unchanged, on a running interface. */
@Tag("netns")
final class WgToolTest {
    @TempDir Path folder;

    private final String wg = interfaceName();
    private final NetworkNamespace namespace = NetworkNamespace.create("app");
    private final Random random = new Random(7);

    @BeforeEach
    void start() {
        namespace.run(launcher().toString(), wg);
    }

    @AfterEach
    void close() {
        Dist.close(namespace, wg);
    }

    @Test
    void setsAndShowsEveryField() throws Exception {
        String privateKey = key();
        String peer = key();
        String presharedKey = key();
        wg("set", wg, "private-key", file(privateKey), "listen-port", "51999", "fwmark", "0x1f");
        wg(
                "set",
                wg,
                "peer",
                peer,
                "preshared-key",
                file(presharedKey),
                "endpoint",
                "[2001:db8::7]:51820",
                "persistent-keepalive",
                "25",
                "allowed-ips",
                "10.9.8.7/24,fd00::/64,192.0.2.1/32");
        List<List<String>> dump = dump(wg);
        assertEquals(privateKey, dump.get(0).get(0));
        assertEquals(List.of("51999", "0x1f"), dump.get(0).subList(2, 4));
        List<String> shown = dump.get(1);
        assertEquals(List.of(peer, presharedKey, "[2001:db8::7]:51820"), shown.subList(0, 3));
        assertEquals(
                List.of("10.9.8.0/24", "192.0.2.1/32", "fd00::/64"),
                Arrays.stream(shown.get(3).split(",", -1)).sorted().toList());
        assertEquals(List.of("0", "0", "0", "25"), shown.subList(4, 8));

        wg(
                "set",
                wg,
                "fwmark",
                "off",
                "peer",
                peer,
                "preshared-key",
                "/dev/null",
                "persistent-keepalive",
                "off",
                "allowed-ips",
                "");
        assertEquals("off", dump(wg).get(0).get(3));
        assertEquals("(none)", dump(wg).get(1).get(1));
        assertEquals("(none)", dump(wg).get(1).get(3));
        assertEquals("off", dump(wg).get(1).get(7));

        wg("set", wg, "peer", peer, "remove");
        assertEquals(1, dump(wg).size());
    }

    @Test
    void whatShowconfWritesSetconfReads() throws Exception {
        wg("set", wg, "private-key", file(key()), "listen-port", "51998");
        for (int i = 0; i < 3; i++) {
            wg(
                    "set",
                    wg,
                    "peer",
                    key(),
                    "preshared-key",
                    file(key()),
                    "endpoint",
                    "192.0.2." + i + ":1",
                    "allowed-ips",
                    "10." + i + ".0.0/16");
        }
        String configuration = wg("showconf", wg);
        wg("set", wg, "peer", key(), "allowed-ips", "10.1.2.0/24");
        assertNotEquals(configuration, wg("showconf", wg));
        wg("setconf", wg, file(configuration));
        assertEquals(configuration, wg("showconf", wg));
    }

    @Test
    void syncconfChangesOnlyWhatDiffers() throws Exception {
        String privateKey = key();
        String stays = key();
        String goes = key();
        String comes = key();
        wg("set", wg, "private-key", file(privateKey), "listen-port", "51997");
        wg("set", wg, "peer", stays, "endpoint", "192.0.2.1:1", "allowed-ips", "10.1.0.0/16");
        wg("set", wg, "peer", goes, "allowed-ips", "10.2.0.0/16");
        wg(
                "syncconf",
                wg,
                file(
                        "[Interface]\nPrivateKey="
                                + privateKey
                                + "\nListenPort=51997\n"
                                + "[Peer]\nPublicKey="
                                + stays
                                + "\nAllowedIPs=10.1.0.0/16,10.3.0.0/16\n"
                                + "[Peer]\nPublicKey="
                                + comes
                                + "\nAllowedIPs=10.4.0.0/16\n"));
        List<List<String>> peers = dump(wg).stream().skip(1).sorted(this::byKey).toList();
        List<String> keys = List.of(stays, comes).stream().sorted().toList();
        assertEquals(keys, peers.stream().map(List::getFirst).toList());
        List<String> kept =
                peers.stream().filter(p -> p.getFirst().equals(stays)).findFirst().orElseThrow();
        assertEquals("192.0.2.1:1", kept.get(2), "syncconf did not touch the endpoint");
        assertEquals("10.1.0.0/16,10.3.0.0/16", kept.get(3));
    }

    @Test
    void aPeerWith130560AllowedIpsGoesRound() throws Exception {
        StringBuilder configuration =
                new StringBuilder(
                        "[Interface]\nPrivateKey=" + key() + "\n[Peer]\nPublicKey=" + key());
        for (int a = 0; a < 2; a++) {
            for (int b = 0; b < 255; b++) {
                configuration.append("\nAllowedIPs=");
                for (int c = 0; c < 256; c++) {
                    configuration.append(c == 0 ? "" : ",");
                    configuration.append("10." + a + "." + b + "." + c + "/32");
                }
            }
        }
        String file = file(configuration + "\n");
        assertTimeout(Duration.ofSeconds(10), () -> wg("setconf", wg, file));
        String shown = assertTimeout(Duration.ofSeconds(10), () -> wg("show", wg, "allowed-ips"));
        List<String> allowedIps = List.of(shown.strip().split("[\\s]+", -1));
        assertEquals(130_560, allowedIps.size() - 1);
        assertEquals(130_560, allowedIps.stream().skip(1).distinct().count());
    }

    @Test
    void fortyPeersWith52AllowedIpsEachGoRound() throws Exception {
        StringBuilder configuration = new StringBuilder("[Interface]\nPrivateKey=" + key() + "\n");
        for (int peer = 0; peer < 40; peer++) {
            configuration.append("[Peer]\nPublicKey=").append(key()).append("\nAllowedIPs=");
            for (int i = 0; i < 26; i++) {
                configuration.append(i == 0 ? "" : ",").append("10." + peer + "." + i + ".0/24,");
                configuration.append("fd00:" + peer + ":" + i + "::/48");
            }
            configuration.append('\n');
        }
        wg("setconf", wg, file(configuration.toString()));
        List<List<String>> peers = dump(wg).stream().skip(1).toList();
        assertEquals(40, peers.size());
        for (List<String> peer : peers) {
            assertEquals(52, peer.get(3).split(",", -1).length);
        }
    }

    @Test
    void aTakenPortIsSaidAndThePortBeforeStays() throws Exception {
        namespace.run("ip", "link", "set", wg, "up");
        wg("set", wg, "private-key", file(key()), "listen-port", "51001");
        try (DatagramSocket taken =
                namespace.callInside(
                        () -> new DatagramSocket(51002, InetAddress.getByName("0.0.0.0")))) {
            String before = wg("show", wg, "dump");
            Execution refused =
                    namespace.exec(
                            "wg",
                            "set",
                            wg,
                            "listen-port",
                            String.valueOf(taken.getLocalPort()),
                            "fwmark",
                            "7");
            assertEquals(1, refused.exitCode());
            assertTrue(refused.output().contains("Address already in use"), refused.output());
            assertEquals(before, wg("show", wg, "dump"));
        }
        wg("set", wg, "listen-port", "51002");
        assertEquals("51002", wg("show", wg, "listen-port").strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set=1\nlisten_port=5\nfoo=bar\n\n",
                "set=1\nlisten_port=5\npublic_key=00\n\n",
                "set=1\nreplace_peers=true\nprivate_key=zz\n\n",
                "set=1\nreplace_peers=true\ngarbage\n\n",
                "frobnicate=1\n\n",
            })
    void garbageGetsItsErrnoAndLeavesTheDeviceAsItWas(String garbage) throws Exception {
        wg("set", wg, "private-key", file(key()), "peer", key(), "allowed-ips", "10.0.0.0/8");
        String before = wg("show", wg, "dump");
        String answer = exchange(garbage);
        assertTrue(answer.matches("errno=-(22|71)\n\n"), answer);
        assertEquals(before, wg("show", wg, "dump"));
    }

    private String exchange(String request) throws IOException {
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(Dist.socket(wg)))) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(100);
            channel.read(answer);
            return StandardCharsets.US_ASCII.decode(answer.flip()).toString();
        }
    }

    private String wg(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "wg";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return namespace.run(command);
    }

    private List<List<String>> dump(String name) {
        return wg("show", name, "dump").lines().map(l -> List.of(l.split("\t", -1))).toList();
    }

    private int byKey(List<String> a, List<String> b) {
        return a.getFirst().compareTo(b.getFirst());
    }

    /** A clamped private key, which is as good as a public or preshared one here. */
    private String key() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        key[0] &= (byte) 248;
        key[31] = (byte) ((key[31] & 127) | 64);
        return Base64.getEncoder().encodeToString(key);
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "wg", ".conf"), text).toString();
    }
}
