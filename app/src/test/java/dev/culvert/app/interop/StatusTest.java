package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code culvert status} where {@code wg} configures the device: it shows what {@code wg} does. */
@Tag("netns")
class StatusTest {
    /** More than the kernel gives. */
    private static final int NO_PROCESS = 1 << 30;

    static Stream<Program> programs() {
        return Stream.of(Program.culvert(), Program.wireguardGo());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void showsTheDeviceOfTheNamespace(Program program) {
        try (TunnelPair pair = TunnelPair.overVeth(program, Program.culvert())) {
            Tunnel left = pair.left();
            Tunnel right = pair.right();
            String peer = right.keys.publicKey();

            Execution before = status(left.inside());
            assertEquals(1, before.exitCode(), before.output());
            assertTrue(before.output().startsWith("state:       running\n"), before.output());
            assertTrue(before.output().contains("  endpoint:  not known\n"), before.output());
            assertTrue(before.output().contains("  handshake: none yet\n"), before.output());

            pair.endpoints("10.0.0.1", "10.0.0.2");
            Traffic.ping(left.inside(), TunnelPair.RIGHT_4);
            Tunnel.Transfer transfer = left.transfer(right);
            Execution text = status(left.inside());
            Execution json = status(left.inside(), "--json");

            assertEquals(0, text.exitCode(), text.output());
            assertTrue(text.output().startsWith("state:       connected\n"), text.output());
            assertTrue(
                    text.output()
                            .contains("interface:   " + left.link + " (" + left.socket() + ")\n"),
                    text.output());
            assertTrue(text.output().contains("peer:        " + peer + "\n"), text.output());
            assertTrue(text.output().contains("  endpoint:  10.0.0.2:10002\n"), text.output());
            assertTrue(text.output().matches("(?s).* handshake: [0-9]+ s ago\n.*"), text.output());
            assertTrue(
                    text.output().contains("  received:  " + transfer.rxBytes() + " B\n"),
                    text.output());
            assertTrue(
                    text.output().contains("  sent:      " + transfer.txBytes() + " B\n"),
                    text.output());
            assertEquals(0, json.exitCode(), json.output());
            assertTrue(
                    json.output().contains("\"state\":\"connected\",\"ready\":true"),
                    json.output());
            assertTrue(
                    json.output()
                            .contains(
                                    "\"public_key\":\""
                                            + peer
                                            + "\",\"endpoint\":\"10.0.0.2:10002\",\"connected\":true"),
                    json.output());
            assertTrue(
                    json.output().contains("\"rx_bytes\":" + transfer.rxBytes() + ","),
                    json.output());
        }
    }

    @Test
    void leavesOutDevicesOfOtherNamespaces(@TempDir Path folder) {
        try (NetworkNamespace elsewhere = NetworkNamespace.create("elsewhere");
                NetworkNamespace outside = NetworkNamespace.create("outside");
                Tunnel tunnel = Tunnel.start(Program.culvert(), outside)) {
            assertTrue(status(outside).output().contains(tunnel.link));
            assertEquals(
                    new Execution(0, "healthy: " + tunnel.socket() + "\n"),
                    health(outside, folder));
            Execution other = status(elsewhere);
            assertEquals(1, other.exitCode(), other.output());
            assertTrue(other.output().startsWith("state:       stopped\n"), other.output());
            assertEquals(1, health(elsewhere, folder).exitCode(), "elsewhere");
        }
    }

    /** A namespace may have the number of one that is gone, of which a file may be left. */
    @Test
    void aFileOfADeadProcessSaysNothingOfALaterDevice(@TempDir Path folder) throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.create("outside")) {
            leaveHealthFile(outside, folder);
            try (Tunnel tunnel = Tunnel.start(Program.culvert(), outside)) {
                Execution health = health(outside, folder);

                assertEquals(new Execution(0, "healthy: " + tunnel.socket() + "\n"), health);
            }
        }
    }

    @Test
    void aDeviceDoesNotHideASidecarThatDied(@TempDir Path folder) throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.create("outside");
                Tunnel _ = Tunnel.start(Program.culvert(), outside)) {
            leaveHealthFile(outside, folder);

            assertSaysThatItDied(health(outside, folder));
        }
    }

    @Test
    void aLaterDeviceDoesNotHideASidecarWhoseRulesAreStillThere(@TempDir Path folder)
            throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.create("outside")) {
            leaveHealthFile(outside, folder);
            outside.run("nft", "add", "table", "inet", "culvert");
            try (Tunnel _ = Tunnel.start(Program.culvert(), outside)) {
                assertSaysThatItDied(health(outside, folder));
            }
        }
    }

    private static void leaveHealthFile(NetworkNamespace namespace, Path folder) throws Exception {
        String number = namespace.run("readlink", "/proc/self/ns/net").replaceAll("[^0-9]", "");
        Files.writeString(
                folder.resolve(number + ".health"), "0 99999999 " + NO_PROCESS + " connected\n");
    }

    private static Execution health(NetworkNamespace namespace, Path folder) {
        return namespace.exec(
                "env", "CULVERT_RUN_DIR=" + folder, Dist.launcher().toString(), "health");
    }

    private static void assertSaysThatItDied(Execution health) {
        String text =
                "not healthy: culvert run is gone (process "
                        + NO_PROCESS
                        + ") and did not clean up\n";
        assertEquals(new Execution(1, text), health);
    }

    @Test
    void saysWhyADeviceDoesNotAnswer() throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.create("outside")) {
            Tunnel tunnel = Tunnel.start(Program.culvert(), outside);
            tunnel.process().process().destroyForcibly().waitFor();
            // What is left: its socket file, and a link of that name that is another's.
            outside.run("ip", "tuntap", "add", "dev", tunnel.link, "mode", "tun");
            Execution status = status(outside);
            tunnel.socket().toFile().delete();
            assertEquals(1, status.exitCode(), status.output());
            assertTrue(status.output().startsWith("state:       stopped\n"), status.output());
            assertTrue(
                    status.output()
                            .contains(
                                    "problem:     "
                                            + tunnel.socket()
                                            + ": ECONNREFUSED: connection refused\n"),
                    status.output());
        }
    }

    private static Execution status(NetworkNamespace namespace, String... option) {
        return namespace.exec(
                Stream.concat(Stream.of(Dist.launcher().toString(), "status"), Stream.of(option))
                        .toArray(String[]::new));
    }
}
