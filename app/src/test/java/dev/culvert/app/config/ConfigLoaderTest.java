package dev.culvert.app.config;

import static dev.culvert.app.config.WgQuickParserTest.OTHER_PEER_KEY;
import static dev.culvert.app.config.WgQuickParserTest.PEER_KEY;
import static dev.culvert.app.config.WgQuickParserTest.PRIVATE_KEY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String FILE =
            "[Interface]\nPrivateKey = %s\nAddress = 10.64.0.2/32\n[Peer]\nPublicKey = %s\n"
                    .formatted(PRIVATE_KEY, PEER_KEY);

    @TempDir Path root;
    private final Map<String, String> environment = new HashMap<>();

    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private TunnelConfig load() throws ConfigException {
        return new ConfigLoader(root, environment).load(List.of()).getFirst();
    }

    private TunnelConfig load(String argument) throws ConfigException {
        return new ConfigLoader(root, environment).load(List.of(argument)).getFirst();
    }

    private String refusal() {
        return String.valueOf(assertThrows(ConfigException.class, this::load).getMessage());
    }

    @Nested
    class ConfigurationFiles {
        @Test
        void takeThePlaceOfVariablesWhichIsSaid() throws Exception {
            Path file =
                    write(
                            "config/wg0.conf",
                            FILE.replace("PrivateKey = " + PRIVATE_KEY + "\n", ""));
            environment.put("WIREGUARD_MTU", "1320");
            environment.put("WIREGUARD_DNS_FILE", "/run/dns");
            environment.put("WIREGUARD_PRIVATE_KEY", PRIVATE_KEY);

            assertEquals(
                    List.of(
                            "WIREGUARD_MTU, WIREGUARD_DNS_FILE: no effect beside "
                                    + file
                                    + ", which says it all"),
                    load().notices());
        }

        @Test
        void areLookedForInOrder() throws Exception {
            write("etc/wireguard/d.conf", FILE);
            assertEquals("d", load().interfaceName());
            write("config/c.conf", FILE);
            assertEquals("c", load().interfaceName());
            write("config/wireguard/b.conf", FILE);
            assertEquals("b", load().interfaceName());
            write("config/wg_confs/a.conf", FILE);
            assertEquals("a", load().interfaceName());
        }

        @Test
        void areTunnelsOfTheirOwnInTheOrderOfTheirNames() throws Exception {
            write("config/wg1.conf", FILE);
            write("config/wg0.conf", FILE);
            write("config/readme.txt", "");

            List<TunnelConfig> tunnels = new ConfigLoader(root, environment).load(List.of());

            assertEquals(
                    List.of("wg0", "wg1"),
                    tunnels.stream().map(TunnelConfig::interfaceName).toList());
        }

        @Test
        void areTakenByPathOrByInterface() throws Exception {
            Path file = write("somewhere/home.conf", FILE);
            write("etc/wireguard/wg7.conf", FILE);

            assertEquals("home", load(file.toString()).interfaceName());
            assertEquals("wg7", load("wg7").interfaceName());
        }

        @Test
        void haveToBeNamedAfterAnInterface() throws Exception {
            Path file = write("config/a-name-that-is-too-long.conf", FILE);

            assertEquals(
                    file
                            + ": has to be named after its interface, such as wg0.conf:"
                            + " 1 to 15 letters, digits or _ = + . -",
                    refusal());
        }

        @Test
        void thatEveryoneMayReadAreWarnedOf() throws Exception {
            Path file = write("config/wg0.conf", FILE);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

            assertEquals(
                    List.of(file + ": is readable by everyone: chmod 600 " + file),
                    load().notices());
        }

        @Test
        void thatAreMissingAreSaidSo() {
            assertTrue(refusal().contains("/config/wg_confs/*.conf"), this::text);
            ConfigException refused =
                    assertThrows(ConfigException.class, () -> load("/no/such/wg0.conf"));
            assertEquals(
                    "/no/such/wg0.conf: cannot be read: there is no such file",
                    refused.getMessage());
        }

        private String text() {
            return refusal();
        }

        @Test
        void takeTheirKeyFromASecret() throws Exception {
            write("config/wg0.conf", FILE.replace("PrivateKey = " + PRIVATE_KEY, ""));
            write("run/secrets/wireguard_private_key", PRIVATE_KEY + "\n");

            assertArrayEquals(
                    Base64.getDecoder().decode(PRIVATE_KEY), load().local().privateKey().copy());
        }

        @Test
        void andAPeerInTheEnvironmentContradictEachOther() throws Exception {
            write("config/wg0.conf", FILE);
            environment.put("WIREGUARD_PUBLIC_KEY", PEER_KEY);

            assertTrue(refusal().endsWith("are both given: choose one"));
        }
    }

    @Nested
    class Environment {
        @BeforeEach
        void describeATunnel() {
            environment.put("WIREGUARD_PRIVATE_KEY", PRIVATE_KEY);
            environment.put("WIREGUARD_ADDRESSES", "10.64.0.2/32,fd00::2/128");
            environment.put("WIREGUARD_PUBLIC_KEY", PEER_KEY);
            environment.put("WIREGUARD_ENDPOINT_IP", "192.0.2.1");
            environment.put("WIREGUARD_ENDPOINT_PORT", "51820");
        }

        @Test
        void describesATunnelThatTakesAll() throws Exception {
            TunnelConfig config = load();

            assertEquals("wg0", config.interfaceName());
            PeerConfig peer = config.peers().getFirst();
            assertEquals(new EndpointName("192.0.2.1", 51820), peer.endpoint());
            assertEquals(
                    List.of(IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("::/0")),
                    peer.allowedIps());
            assertEquals(2, config.local().addresses().size());
        }

        @Test
        void hasWhatElseAPeerNeeds() throws Exception {
            environment.put("WIREGUARD_PRESHARED_KEY", OTHER_PEER_KEY);
            environment.put("WIREGUARD_ALLOWED_IPS", "10.1.2.3/8, fd00::/8");
            environment.put("WIREGUARD_PERSISTENT_KEEPALIVE_INTERVAL", "25s");
            environment.put("WIREGUARD_MTU", "1320");
            environment.put("WIREGUARD_DNS", "10.64.0.1");
            environment.put("WIREGUARD_INTERFACE", "tun0");

            TunnelConfig config = load();

            PeerConfig peer = config.peers().getFirst();
            assertTrue(peer.presharedKey() != null);
            assertEquals(
                    List.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("fd00::/8")),
                    peer.allowedIps());
            assertEquals(25, peer.persistentKeepaliveSeconds());
            assertEquals(OptionalInt.of(1320), config.local().mtu());
            assertEquals(List.of(InetAddress.ofLiteral("10.64.0.1")), config.local().dns());
            assertEquals("tun0", config.interfaceName());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "WIREGUARD_PRIVATE_KEY_FILE",
                    "WIREGUARD_PRIVATE_KEY_SECRETFILE",
                    "FILE__WIREGUARD_PRIVATE_KEY",
                    "",
                })
        void takesSecretsFromFiles(String variable) throws Exception {
            environment.remove("WIREGUARD_PRIVATE_KEY");
            Path file = write("run/secrets/wireguard_private_key", PRIVATE_KEY + "\n");
            if (!variable.isEmpty()) {
                Path elsewhere = root.resolve("key");
                Files.move(file, elsewhere);
                environment.put(variable, elsewhere.toString());
            }

            assertArrayEquals(
                    Base64.getDecoder().decode(PRIVATE_KEY), load().local().privateKey().copy());
        }

        @Test
        void refusesASecretGivenTwice() {
            environment.put("WIREGUARD_PRIVATE_KEY_FILE", "/key");

            assertEquals(
                    "WIREGUARD_PRIVATE_KEY: and WIREGUARD_PRIVATE_KEY_FILE are both set: choose one",
                    refusal());
        }

        @Test
        void reportsAllThatIsMissingOrWrong() {
            environment.remove("WIREGUARD_ADDRESSES");
            environment.put("WIREGUARD_PRIVATE_KEY", "secret");
            environment.put("WIREGUARD_ENDPOINT_PORT", "70000");
            environment.put("WIREGUARD_ALLOWEDIPS", "::/0");

            assertEquals(
                    """
                    WIREGUARD_ALLOWEDIPS: is not known; did you mean WIREGUARD_ALLOWED_IPS?
                    WIREGUARD_PRIVATE_KEY: is 6 characters, where a key has 44 characters of base64 (the value is not shown)
                    WIREGUARD_ADDRESSES: is not set
                    WIREGUARD_ENDPOINT_PORT: "70000" is no port: a number from 1 to 65535\
                    """,
                    refusal());
        }

        @Test
        void mentionsVariablesOfOthers() throws Exception {
            environment.put("WIREGUARD_SERVICE_HOST", "10.0.0.1");
            environment.put("WIREGUARD_PORT_51820_UDP_ADDR", "10.0.0.1");

            assertEquals(2, load().notices().size());
        }
    }
}
