package dev.culvert.app.interop;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code wg} writes is what {@code wg} reads back, also when it is a lot. */
@Tag("netns")
class ConfigurationRoundTripTest {
    private NetworkNamespace namespace = NetworkNamespace.create("config");
    private Tunnel tunnel = Tunnel.start(Program.culvert(), namespace);

    @AfterEach
    void end() {
        try {
            tunnel.close();
        } finally {
            namespace.close();
        }
    }

    @Test
    void keeps130560AllowedIpsOnOnePeer() {
        Keys peer = Keys.generate(namespace);
        Set<String> prefixes = new TreeSet<>();
        for (int a = 1; a <= 255; a++) {
            for (int b = 0; b < 256; b++) {
                prefixes.add(a + "." + b + ".0.0/16");
                prefixes.add(Integer.toHexString(a) + "::" + hex(b) + "/128");
            }
        }
        long startNs = System.nanoTime();
        setconf(peerSection(peer.publicKey(), prefixes));
        List<String> shown = allowedIps(peer.publicKey());
        long ms = (System.nanoTime() - startNs) / 1_000_000;
        assertEquals(130_560, shown.size());
        assertEquals(prefixes, new TreeSet<>(shown));
        assertTrue(ms < 20_000, () -> ms + " ms");
    }

    private static String hex(int number) {
        return number == 0 ? "" : Integer.toHexString(number);
    }

    @Test
    void keeps52AllowedIpsOnEachOf40Peers() {
        StringBuilder configuration = new StringBuilder();
        Map<String, Set<String>> expected = new HashMap<>();
        for (int a = 1; a <= 40; a++) {
            int network = a;
            Set<String> prefixes =
                    IntStream.rangeClosed(1, 52)
                            .mapToObj(b -> network + "." + b + ".0.0/16")
                            .collect(Collectors.toSet());
            String publicKey = Keys.generate(namespace).publicKey();
            configuration.append(peerSection(publicKey, prefixes));
            expected.put(publicKey, prefixes);
        }
        setconf(configuration.toString());
        Map<String, Set<String>> shown = new HashMap<>();
        tunnel.perPeer("allowed-ips").forEach((key, list) -> shown.put(key, Set.copyOf(list)));
        assertEquals(expected, shown);
    }

    @Test
    void showsAConfigurationThatSetsItselfAgain() {
        StringBuilder configuration = new StringBuilder();
        for (int i = 0; i < 29; i++) {
            configuration.append(peerSection(Keys.generate(namespace).publicKey(), Set.of()));
        }
        String last = Keys.generate(namespace).publicKey();
        configuration
                .append(peerSection(last, Set.of("255.2.3.4/32", "abcd::255/128")))
                .append("Endpoint = [fe80::1]:7\nPersistentKeepalive = 25\n")
                .append("PresharedKey = " + Keys.presharedKey(namespace) + "\n");
        setconf(configuration.toString());
        String shown = namespace.run("wg", "showconf", tunnel.link);
        setconf(shown);
        assertEquals(shown, namespace.run("wg", "showconf", tunnel.link));
        namespace.run("wg", "syncconf", tunnel.link, Keys.file(shown));
        assertEquals(shown, namespace.run("wg", "showconf", tunnel.link));
        assertTrue(shown.contains("255.2.3.4/32") && shown.contains("abcd::255/128"), shown);
    }

    @Test
    void keeps197AllowedIpsOfOneCommand() {
        String first = Keys.generate(namespace).publicKey();
        String second = Keys.generate(namespace).publicKey();
        List<String> addresses = IntStream.rangeClosed(1, 197).mapToObj(i -> "abcd::" + i).toList();
        tunnel.set("peer", first);
        tunnel.set("peer", second, "allowed-ips", String.join(",", addresses));
        assertEquals(List.of("(none)"), allowedIps(first));
        assertEquals(197, allowedIps(second).size());
    }

    @Test
    void setsAndClearsKeys() {
        Keys own = Keys.generate(namespace);
        String peer = Keys.generate(namespace).publicKey();
        String presharedKey = Keys.presharedKey(namespace);
        tunnel.set("private-key", Keys.file(own.privateKey()), "peer", peer)
                .set("peer", peer, "preshared-key", Keys.file(presharedKey));
        assertEquals(own.privateKey(), tunnel.show("private-key"));
        assertEquals(own.publicKey(), tunnel.show("public-key"));
        assertEquals(peer + "\t" + presharedKey, tunnel.show("preshared-keys"));
        tunnel.set("private-key", "/dev/null", "peer", peer, "preshared-key", "/dev/null");
        assertEquals("(none)", tunnel.show("private-key"));
        assertEquals(peer + "\t(none)", tunnel.show("preshared-keys"));
    }

    @Test
    void ignoresTheOwnPublicKeyAsAPeer() {
        Keys own = Keys.generate(namespace);
        Keys other = Keys.generate(namespace);
        tunnel.set("peer", own.publicKey());
        tunnel.set("private-key", Keys.file(own.privateKey()));
        assertEquals("", tunnel.show("peers"), "a peer with the new own key is removed");
        tunnel.set("peer", own.publicKey());
        assertEquals("", tunnel.show("peers"), "a peer with the own key is not added");
        tunnel.set("private-key", Keys.file(other.privateKey()));
        tunnel.set("peer", own.publicKey());
        assertEquals(own.publicKey(), tunnel.show("peers"));
    }

    @Test
    void clampsThePrivateKey() {
        String key = Keys.generate(namespace).privateKey();
        tunnel.set("private-key", Keys.file("/" + key.substring(1)));
        // The lowest bit of the first letter's six is one of the three that clamping clears.
        assertEquals("+" + key.substring(1), tunnel.show("private-key"));
        assertEquals(Keys.publicKey(namespace, "/" + key.substring(1)), tunnel.show("public-key"));
    }

    @Test
    void takesEveryFormOfAllowedIps() {
        String peer = Keys.generate(namespace).publicKey();
        tunnel.set(
                "peer",
                peer,
                "allowed-ips",
                "0.0.0.0/0,10.0.0.0/8,100.0.0.0/10,172.16.0.0/12,192.168.0.0/16");
        assertEquals(5, allowedIps(peer).size());
        tunnel.set("peer", peer, "allowed-ips", "0.0.0.0/0");
        assertEquals(List.of("0.0.0.0/0"), allowedIps(peer));
        tunnel.set("peer", peer, "allowed-ips", "::/0,1700::/111,5000::/4,e000::/37,9000::/75");
        assertEquals(5, allowedIps(peer).size());
        tunnel.set("peer", peer, "allowed-ips", "10.1.2.3/8,fd00::ffff/64");
        assertEquals(Set.of("10.0.0.0/8", "fd00::/64"), Set.copyOf(allowedIps(peer)));
    }

    @Test
    void takesLowOrderPublicKeysAndNeverCallsThem() throws Exception {
        List<String> lowOrder =
                List.of(
                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                        "4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA=",
                        "X5yVvKNQjCSx0LFVnIPvWwREXMRYHI6G2CJO3dCfEVc=",
                        "7P///////////////////////////////////////38=",
                        "7f///////////////////////////////////////38=",
                        "7v///////////////////////////////////////38=");
        try (DatagramSocket listener =
                namespace.callInside(() ->
                        new DatagramSocket(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1111)))) {
            tunnel.set("private-key", Keys.file(Keys.generate(namespace).privateKey()));
            for (String key : lowOrder) {
                tunnel.set("peer", key, "persistent-keepalive", "1", "endpoint", "127.0.0.1:1111");
            }
            assertEquals(Set.copyOf(lowOrder), tunnel.perPeer("peers").keySet());
            tunnel.up();
            listener.setSoTimeout(2000);
            assertThrows(
                    SocketTimeoutException.class,
                    () -> listener.receive(new DatagramPacket(new byte[256], 256)));
        }
    }

    @Test
    void refusesADeviceThatDoesNotExist() {
        assertNotEquals(0, namespace.exec("wg", "show", "doesnotexist").exitCode());
    }

    private List<String> allowedIps(String publicKey) {
        return requireNonNull(tunnel.perPeer("allowed-ips").get(publicKey));
    }

    private void setconf(String configuration) {
        namespace.run("wg", "setconf", tunnel.link, Keys.file(configuration));
    }

    private static String peerSection(String publicKey, Set<String> allowedIps) {
        String text = "[Peer]\nPublicKey = " + publicKey + "\n";
        return allowedIps.isEmpty()
                ? text
                : text + "AllowedIPs = " + String.join("\nAllowedIPs = ", allowedIps) + "\n";
    }
}
