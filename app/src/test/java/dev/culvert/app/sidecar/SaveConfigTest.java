package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code SaveConfig = true}: the file takes up what {@code wg set} has changed. */
@Tag("netns")
final class SaveConfigTest {
    @AutoClose private final SidecarLab lab = new SidecarLab();

    private Path saving() {
        return lab.write(
                lab.config()
                        .replace(
                                "[Peer]",
                                "SaveConfig = true\nMTU = 1400 # narrow\n[Peer]\n# mine"));
    }

    @Test
    void theFileTakesUpWhatRuns() throws Exception {
        Path config = saving();
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
        RunningProcess process = lab.start(config);
        lab.awaitConnected(process);
        String other = lab.publicKey(lab.outside.run("wg", "genkey").strip());
        lab.inside.run(
                "wg",
                "set",
                lab.interfaceName,
                "peer",
                other,
                "allowed-ips",
                "10.7.0.0/16,fd07::/16");
        lab.inside.run(
                "wg",
                "set",
                lab.interfaceName,
                "peer",
                lab.peerPublicKey,
                "persistent-keepalive",
                "9");

        assertEquals(0, lab.terminate(process).exitCode(), process.output());

        String saved = Files.readString(config);
        assertTrue(
                saved.contains("PublicKey = " + other + "\nAllowedIPs = 10.7.0.0/16, fd07"), saved);
        assertTrue(saved.contains("PersistentKeepalive = 9\n"), saved);
        assertTrue(saved.contains("MTU = 1400\n"), saved);
        assertTrue(saved.contains("PrivateKey = " + lab.privateKey + "\n"), saved);
        assertFalse(saved.contains("#"), saved);
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
        try (var files = Files.list(lab.folder)) {
            assertFalse(files.anyMatch(file -> file.toString().endsWith(".saved")));
        }
        assertEquals(0, lab.culvert("check", config.toString()).exitCode(), saved);
        lab.awaitConnected(lab.start(config));
        lab.assertReaches(SidecarLab.PEER);
    }

    @Test
    void aReadOnlyFileStaysAsItIsAndTheProgramSaysSo() throws Exception {
        Path config = saving();
        String before = Files.readString(config);
        RunningProcess process =
                lab.startMounted(
                        List.of(), "mount --bind -o ro \"$3\" \"$3\" && exec \"$@\"", config);
        lab.awaitConnected(process);

        lab.terminate(process);

        assertTrue(
                process.output().contains(config + ": SaveConfig: the file cannot be written"),
                process.output());
        assertEquals(before, Files.readString(config));
    }
}
