package dev.culvert.app.process;

import static dev.culvert.app.process.Dist.accepts;
import static dev.culvert.app.process.Dist.awaitEnd;
import static dev.culvert.app.process.Dist.daemon;
import static dev.culvert.app.process.Dist.interfaceName;
import static dev.culvert.app.process.Dist.launcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code wg-quick}, unchanged, with WG_QUICK_USERSPACE_IMPLEMENTATION. */
@Tag("netns")
final class WgQuickTest {
    @TempDir Path folder;

    private final String wg = interfaceName();
    private final String otherWg = interfaceName();
    private final NetworkNamespace namespace = NetworkNamespace.create("app");
    private final NetworkNamespace other = NetworkNamespace.create("app");

    @AfterEach
    void close() {
        Dist.close(namespace, wg);
        Dist.close(other, otherWg);
    }

    @Test
    void upAndDownOfATunnelWithRoutes() throws Exception {
        connect("10.77.0.0/24", "");
        assertEquals(
                "10.77.0.2 dev " + wg + " src 10.77.0.1",
                namespace
                        .run("ip", "route", "get", "10.77.0.2")
                        .lines()
                        .findFirst()
                        .orElse("")
                        .strip()
                        .replaceAll(" uid.*", ""));
        namespace.run("ping", "-c", "2", "-i", "0.2", "-W", "5", "10.77.0.2");
        downLeavesNothing();
    }

    @Test
    void upAndDownWithoutRoutes() throws Exception {
        connect("10.77.0.0/24", "Table = off\n");
        namespace.run("ping", "-c", "2", "-i", "0.2", "-W", "5", "10.77.0.2");
        downLeavesNothing();
    }

    @Test
    void upAndDownOfADefaultRoute() throws Exception {
        connect("0.0.0.0/0, ::/0", "");
        assertTrue(
                namespace.run("ip", "route", "get", "198.51.100.1").contains("dev " + wg),
                "everything goes through the tunnel");
        assertEquals("0xca6c", namespace.run("wg", "show", wg, "fwmark").strip());
        namespace.run("ping", "-c", "2", "-i", "0.2", "-W", "5", "10.77.0.2");
        downLeavesNothing();
        assertFalse(namespace.run("ip", "rule").contains("0xca6c"), "no rule is left");
    }

    /** The tunnel of {@code namespace} by wg-quick, its peer by wg; both over a veth. */
    private void connect(String allowedIps, String more) throws Exception {
        Veth.connect(namespace, "192.0.2.1/24", other, "192.0.2.2/24");
        String privateKey = namespace.run("wg", "genkey").strip();
        String otherPrivateKey = namespace.run("wg", "genkey").strip();
        other.run(launcher().toString(), otherWg);
        other.run(
                "wg",
                "set",
                otherWg,
                "listen-port",
                "51820",
                "private-key",
                file("key", otherPrivateKey).toString(),
                "peer",
                publicKey(privateKey),
                "allowed-ips",
                "10.77.0.1/32");
        other.run("ip", "address", "add", "10.77.0.2/24", "dev", otherWg);
        other.run("ip", "link", "set", otherWg, "up");

        Path configuration =
                file(
                        wg + ".conf",
                        "[Interface]\nPrivateKey = "
                                + privateKey
                                + "\nAddress = 10.77.0.1/24\n"
                                + more
                                + "[Peer]\nPublicKey = "
                                + publicKey(otherPrivateKey)
                                + "\nAllowedIPs = "
                                + allowedIps
                                + "\nEndpoint = 192.0.2.2:51820\n");
        Execution up = wgQuick("up", configuration);
        assertEquals(0, up.exitCode(), up.output());
        assertTrue(up.output().contains("[#] " + launcher() + " " + wg), up.output());
        assertTrue(accepts(wg));
    }

    private void downLeavesNothing() {
        ProcessHandle daemon = daemon(namespace, wg);
        Execution down = wgQuick("down", folder.resolve(wg + ".conf"));
        assertEquals(0, down.exitCode(), down.output());
        awaitEnd(namespace, wg, daemon);
    }

    private Execution wgQuick(String verb, Path configuration) {
        return namespace
                .start(
                        List.of("WG_QUICK_USERSPACE_IMPLEMENTATION=" + launcher()),
                        "wg-quick",
                        verb,
                        configuration.toString())
                .await(Dist.PATIENCE);
    }

    private String publicKey(String privateKey) throws IOException {
        Path file = file("private", privateKey);
        return namespace.run("sh", "-c", "wg pubkey <" + file).strip();
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
