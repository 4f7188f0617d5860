package dev.culvert.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.config.ClientName;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.TunnelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerTest {
    private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    @TempDir Path root;
    private Path state;

    @BeforeEach
    void makeVolume() throws IOException {
        state = Files.createDirectory(root.resolve("state"));
    }

    private Server server(String... more) throws ConfigException {
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVERURL", "vpn.example.com");
        for (String variable : more) {
            String[] words = variable.split("=", 2);
            environment.put(words[0], words[1]);
        }
        return Server.open(root, environment);
    }

    private static ClientName name(String text) {
        return new ClientName(text);
    }

    private String text(String file) throws IOException {
        return Files.readString(state.resolve(file));
    }

    /** Every file by name. */
    private Map<String, String> snapshot() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(state)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                files.put(state.relativize(path).toString(), java.util.Arrays.toString(bytes));
            }
        }
        return files;
    }

    private String refusal(String... environment) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> server(environment).load().close());
        String message = String.valueOf(refused.getMessage());
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void makesTheClientsOfPeersOnceForItsOwnerAlone() throws Exception {
        try (TunnelConfig config = server("PEERS=2").load()) {
            assertEquals(2, config.peers().size());
            assertEquals("[10.13.13.1/24]", config.local().addresses().toString());
            assertEquals(51820, config.calledPort().orElseThrow());
        }
        assertTrue(text("peer1/peer1.conf").contains("Endpoint = vpn.example.com:51820"));
        assertTrue(text("peer2/peer2.conf").contains("Address = 10.13.13.3/32"));
        try (Stream<Path> paths = Files.walk(state)) {
            for (Path path : paths.filter(path -> !path.equals(state)).toList()) {
                assertEquals(
                        Files.isDirectory(path) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
                        path.toString());
            }
        }
        Map<String, String> before = snapshot();
        server("PEERS=2").load().close();
        assertEquals(before, snapshot(), "a restart keeps all");
    }

    @Test
    void theConfigurationsAreTheTunnelsOtherEnd() throws Exception {
        try (TunnelConfig config =
                server(
                                "PEERS=laptop",
                                "INTERNAL_SUBNET=10.9.0.0/16,fd00:9::/64",
                                "PEERDNS=9.9.9.9,lan",
                                "SERVERPORT=443",
                                "ALLOWEDIPS=10.9.0.0/16",
                                "PERSISTENTKEEPALIVE_PEERS=laptop",
                                "SERVER_ALLOWEDIPS_PEER_laptop=192.168.50.0/24")
                        .load()) {
            PeerConfig peer = config.peers().getFirst();
            assertEquals(25, peer.persistentKeepaliveSeconds());
            assertEquals(
                    List.of("10.9.0.2/32", "fd00:9:0:0:0:0:0:2/128", "192.168.50.0/24"),
                    peer.allowedIps().stream().map(Object::toString).toList());
            assertEquals(peer.publicKey(), Keys.publicKey(ofConfiguration("PrivateKey")));
            assertEquals(
                    text("peer_laptop/publickey-peer_laptop").strip(), peer.publicKey().base64());
            assertEquals(
                    Keys.base64(java.util.Objects.requireNonNull(peer.presharedKey())),
                    valueOf("PresharedKey"));
            assertEquals(
                    valueOf("PublicKey"), Keys.publicKey(config.local().privateKey()).base64());
        }
        assertEquals("10.9.0.2/32, fd00:9::2/128", valueOf("Address"));
        assertEquals("9.9.9.9, lan", valueOf("DNS"));
        assertEquals("vpn.example.com:443", valueOf("Endpoint"));
        assertEquals("10.9.0.0/16", valueOf("AllowedIPs"));
        assertEquals("25", valueOf("PersistentKeepalive"));
        assertEquals(
                text("peer_laptop/peer_laptop.conf"),
                QrCodeTest.decode(
                        Files.readAllBytes(state.resolve("peer_laptop/peer_laptop.png"))));
    }

    private String valueOf(String key) throws IOException {
        return text("peer_laptop/peer_laptop.conf")
                .lines()
                .filter(line -> line.startsWith(key + " = "))
                .findFirst()
                .orElseThrow()
                .substring(key.length() + 3);
    }

    private dev.culvert.app.config.Secret ofConfiguration(String key) throws Exception {
        byte[] text = valueOf(key).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return dev.culvert.app.config.Secret.ofBase64(text, 0, text.length);
    }

    @Test
    void anotherNameOfTheServerChangesTheTextsAndNoKey() throws Exception {
        server("PEERS=laptop").load().close();
        String key = valueOf("PrivateKey");
        server("PEERS=laptop", "SERVERURL=2001:db8::5").load().close();
        assertEquals("[2001:db8::5]:51820", valueOf("Endpoint"));
        assertEquals(key, valueOf("PrivateKey"));
    }

    @Test
    void whoIsTakenOffPeersIsShutOutAndKeepsItsKeys() throws Exception {
        server("PEERS=laptop,phone").load().close();
        String key = valueOf("PrivateKey");
        try (TunnelConfig config = server("PEERS=phone").load()) {
            assertEquals(1, config.peers().size());
            assertTrue(config.notices().toString().contains("does not name laptop any more"));
        }
        server("PEERS=phone,laptop").load().close();
        assertEquals(key, valueOf("PrivateKey"));
    }

    @Test
    void clientsThatWereAddedDoNotDependOnPeers() throws Exception {
        server("PEERS=1").load().close();
        Path configuration = server("PEERS=1").add(name("tablet"), null);
        assertEquals(state.resolve("peer_tablet/peer_tablet.conf"), configuration);
        try (TunnelConfig config = server("PEERS=1").load()) {
            assertEquals(2, config.peers().size());
        }
        server("PEERS=1").remove(name("tablet"));
        assertFalse(Files.exists(state.resolve("peer_tablet")));
        assertEquals(1, server("PEERS=1").clients().size());
    }

    @Test
    void aClientMayKeepItsKeyToItself() throws Exception {
        Path configuration = server().add(name("mac"), PublicKey.parse(KEY));
        assertTrue(Files.readString(configuration).contains("# PrivateKey = the one that belongs"));
        assertFalse(Files.exists(state.resolve("peer_mac/peer_mac.png")));
        try (TunnelConfig config = server().load()) {
            assertEquals(KEY, config.peers().getFirst().publicKey().base64());
        }
    }

    @Test
    void theBridgesVariablesMakeOneRemoteClient() throws Exception {
        try (TunnelConfig config =
                server(
                                "SERVERURL=",
                                "WG_CLIENT_PUBKEY=" + KEY,
                                "WG_CLIENT_IP=10.8.0.2",
                                "WG_SERVER_PORT=58120",
                                "SERVERURL=my-home.example.com")
                        .load()) {
            assertEquals("[10.8.0.1/24]", config.local().addresses().toString());
            assertEquals(58120, config.calledPort().orElseThrow());
            assertEquals(KEY, config.peers().getFirst().publicKey().base64());
        }
        String text = text("client.conf");
        assertTrue(text.contains("Endpoint = my-home.example.com:58120"), text);
        assertTrue(text.contains("Address = 10.8.0.2/32"), text);
        assertFalse(text.lines().anyMatch(line -> line.startsWith("PrivateKey")), text);
    }

    @Test
    void takesOverTheFolderOfLinuxserver() throws Exception {
        Path folder = Files.createDirectory(state.resolve("peer_phone"));
        String key = Keys.base64(Keys.newPrivateKey());
        Files.writeString(folder.resolve("privatekey-peer_phone"), key + "\n");
        Files.writeString(
                folder.resolve("peer_phone.conf"),
                "[Interface]\nAddress = 10.13.13.7\nPrivateKey = "
                        + key
                        + "\nListenPort = 51820\n");
        server("PEERS=laptop,phone").load().close();
        String text = text("peer_phone/peer_phone.conf");
        assertTrue(text.contains("PrivateKey = " + key), "the key stays");
        assertTrue(text.contains("Address = 10.13.13.7/32"), text);
    }

    @Test
    void whatAnInterruptedProcessLeftIsNoClient() throws Exception {
        Path left = Files.createDirectory(state.resolve(".unfinished-peer_laptop"));
        Files.writeString(left.resolve("privatekey-peer_laptop"), "half");
        server("PEERS=laptop").load().close();
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(state.resolve("peer_laptop/peer_laptop.conf")));
    }

    @Test
    void aFullPoolLeavesAllAsItWas() throws Exception {
        server("PEERS=5", "INTERNAL_SUBNET=10.7.0.0/29").load().close();
        Map<String, String> before = snapshot();
        String full = "INTERNAL_SUBNET: 10.7.0.0/29 has no free address left";
        String message = refusal("PEERS=7", "INTERNAL_SUBNET=10.7.0.0/29");
        assertTrue(message.startsWith(full), message);
        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () ->
                                server("PEERS=5", "INTERNAL_SUBNET=10.7.0.0/29")
                                        .add(name("tablet"), null));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(full));
        assertEquals(before, snapshot());
    }

    @Test
    void namesAndKeysStandForOneClient() throws Exception {
        server("PEERS=laptop").load().close();
        server("PEERS=laptop").add(name("mac"), PublicKey.parse(KEY));
        Map<String, String> before = snapshot();
        for (ClientName taken : List.of(name("laptop"), name("mac"))) {
            ConfigException twice =
                    assertThrows(
                            ConfigException.class, () -> server("PEERS=laptop").add(taken, null));
            assertEquals(taken + ": is there already (culvert client list)", twice.getMessage());
        }
        ConfigException sameKey =
                assertThrows(
                        ConfigException.class,
                        () -> server("PEERS=laptop").add(name("ipad"), PublicKey.parse(KEY)));
        assertEquals("ipad: has the public key of mac", sameKey.getMessage());
        assertEquals(before, snapshot());
    }

    @Test
    void anotherPoolThanTheClientsIsAMistake() throws Exception {
        server("PEERS=1").load().close();
        String message = refusal("PEERS=1", "INTERNAL_SUBNET=10.14.0.0/24");
        assertTrue(
                message.endsWith(
                        "peer1.conf: 10.13.13.2 is not within INTERNAL_SUBNET 10.14.0.0/24: set"
                                + " that back, or remove the client and add it again"),
                message);
    }

    @Test
    void withoutAVolumeThereIsNoServer() throws Exception {
        Files.delete(state);
        assertTrue(refusal("PEERS=1").contains("mount a volume there"));
    }

    @Test
    void brokenKeysAreNamedAndNotShown() throws Exception {
        server("PEERS=1").load().close();
        Path file = state.resolve("peer1/privatekey-peer1");
        Files.writeString(file, KEY.substring(3));
        String message = refusal("PEERS=1");
        assertTrue(message.startsWith(file + ": is 41 characters"), message);
        assertFalse(message.contains(KEY.substring(5, 20)));
    }

    @Test
    void twoClientsCannotHaveOneNetwork() {
        assertEquals(
                "SERVER_ALLOWEDIPS_PEER_2: 192.168.5.0/24 belongs to 1 already",
                refusal(
                        "PEERS=2",
                        "SERVER_ALLOWEDIPS_PEER_1=192.168.5.0/24",
                        "SERVER_ALLOWEDIPS_PEER_2=192.168.5.0/24"));
    }

    @Test
    void aFileBesideIsAMistake() throws Exception {
        Path file = Files.createDirectories(root.resolve("config/wg_confs")).resolve("wg0.conf");
        Files.writeString(file, "[Interface]\n");
        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () -> TunnelSource.load(root, Map.of("PEERS", "1"), List.of()));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(file + ": and PEERS"));
    }
}
