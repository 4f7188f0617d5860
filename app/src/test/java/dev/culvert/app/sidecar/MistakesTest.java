package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users of other images get wrong: one line that says what it is, status 1, and a namespace
 * that stays closed.
 */
@Tag("netns")
final class MistakesTest {
    private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    /** The machine's own configurations are no part of this. */
    private static final String HIDE =
            "for d in /config /etc/wireguard; do [ ! -d $d ] || mount -t tmpfs none $d; done; ";

    @TempDir static Path folder;
    private static SidecarLab lab;

    @BeforeAll
    static void setUp() throws Exception {
        lab = new SidecarLab(folder);
    }

    @AfterAll
    static void tearDown() {
        lab.close();
    }

    @AfterEach
    void open() {
        lab.disarm();
    }

    /**
     * One mistake.
     *
     * @param config of the file; empty: there is none, the environment is all
     * @param shell runs before the program, in a mount namespace of its own
     * @param said what the line has to say
     */
    record Mistake(String config, List<String> environment, String shell, String said) {
        static Mistake inFile(String from, String to, String said) {
            String config = lab.config();
            assertTrue(config.contains(from), from);
            return new Mistake(config.replace(from, to), List.of(), "true", said);
        }

        static Mistake inVariable(String variable, String said) {
            return new Mistake(lab.config(), List.of(variable), "true", said);
        }

        static Mistake ofEnvironment(String said, String... variables) {
            return new Mistake("", List.of(variables), "true", said);
        }

        @Override
        public String toString() {
            return said;
        }
    }

    static Stream<Mistake> mistakes() {
        String endpoint = SidecarLab.GATEWAY + ":" + SidecarLab.PORT;
        return Stream.of(
                Mistake.inFile(
                        "PrivateKey = ", "PrivateKey = x", ":2: PrivateKey: is 45 character"),
                Mistake.inFile(lab.privateKey, "REDACTED", ":2: PrivateKey: is 8 characters"),
                Mistake.inFile(lab.peerPublicKey, "<server key>", ":5: PublicKey: is not a key"),
                Mistake.inFile("10.9.0.2/32", "10.9.0.2/33", ":3: Address: \"33\" is no prefix"),
                Mistake.inFile("Address = 10.9.0.2/32", "", "Address: is missing in [Interface]"),
                Mistake.inFile("0.0.0.0/0", "all", ":6: AllowedIPs: \"all\" is not an address"),
                Mistake.inFile(endpoint, SidecarLab.GATEWAY, ":7: Endpoint: \"192.0.2.2\" has no"),
                Mistake.inFile(endpoint, "https://" + endpoint, ":7: Endpoint: \"https://192.0.2"),
                Mistake.inFile("Endpoint", "Endpiont", ":7: \"Endpiont\" is not a key; did you"),
                Mistake.inFile(endpoint, "vpn.invalid:51820", "vpn.invalid"),
                Mistake.inFile(
                        "[Peer]", "Table = tunnel\n[Peer]", ":4: Table: \"tunnel\" is no table"),
                Mistake.inVariable("KILLSWITCH=on", "KILLSWITCH: \"on\""),
                Mistake.inVariable("NETWORK=0.0.0.0/0", "NETWORK: 0.0.0.0/0 is too large"),
                Mistake.inVariable("NET_LOCAL=192.168.1.0/34", "NET_LOCAL: "),
                Mistake.inVariable("FIREWALL_INPUT_PORTS=http", "FIREWALL_INPUT_PORTS: \"http\""),
                Mistake.inVariable("DNS_LOCAL=router", "DNS_LOCAL: \"router\" is not an address"),
                Mistake.inVariable("CULVERT_IO=fast", "CULVERT_IO"),
                Mistake.inVariable("METRICS_ADDR=everywhere", "METRICS_ADDR"),
                Mistake.inVariable("NAT_RULES=masquerade all", "NAT_RULES"),
                Mistake.inVariable("PEERS=3", "and PEERS, SERVERURL or WG_CLIENT_PUBKEY are both"),
                Mistake.ofEnvironment(
                        "PEERS: \"../x\" is no name of a client",
                        "SERVERURL=a.example",
                        "PEERS=../x"),
                Mistake.ofEnvironment(
                        "CULVERT_STATE_DIR: /nowhere is no folder",
                        "PEERS=2",
                        "CULVERT_STATE_DIR=/nowhere"),
                Mistake.ofEnvironment(
                        "WIREGUARD_ENDPOINT_PORT: is not set",
                        "WIREGUARD_PRIVATE_KEY=" + lab.privateKey,
                        "WIREGUARD_PUBLIC_KEY=" + KEY,
                        "WIREGUARD_ADDRESSES=10.9.0.2/32",
                        "WIREGUARD_ENDPOINT_IP=192.0.2.2"),
                Mistake.ofEnvironment(
                        "WIREGUARD_PRIVATE_KEY_FILE: /nowhere/key cannot be read: there is no such file",
                        "WIREGUARD_PRIVATE_KEY_FILE=/nowhere/key",
                        "WIREGUARD_PUBLIC_KEY=" + KEY,
                        "WIREGUARD_ADDRESSES=10.9.0.2/32",
                        "WIREGUARD_ENDPOINT_IP=192.0.2.2",
                        "WIREGUARD_ENDPOINT_PORT=51820"),
                new Mistake(
                        lab.config(),
                        List.of(),
                        "mount -t tmpfs none /dev/net",
                        "/dev/net/tun is missing"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isSaidInOneLineAndLeavesTheNamespaceClosed(Mistake mistake) throws Exception {
        lab.assertReaches(SidecarLab.GATEWAY, "open before");
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(mistake.environment());
        command.addAll(
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        HIDE + mistake.shell() + "; exec \"$@\"",
                        "sh",
                        Dist.launcher().toString(),
                        "run"));
        if (!mistake.config().isEmpty()) {
            command.add(lab.write(mistake.config()).toString());
        }
        Execution refused = lab.inside.exec(command.toArray(String[]::new));

        assertEquals(1, refused.exitCode(), refused.output());
        List<String> errors =
                refused.output().lines().filter(line -> !line.matches("(INFO|DEBUG): .*")).toList();
        assertEquals(1, errors.size(), refused.output());
        assertTrue(errors.getFirst().contains(mistake.said()), refused.output());
        assertFalse(refused.output().contains(lab.privateKey), "no key is shown");
        assertFalse(lab.reaches(SidecarLab.GATEWAY), "closed");
    }
}
