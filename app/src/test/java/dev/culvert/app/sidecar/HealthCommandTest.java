package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code culvert health}, /livez and /readyz, from before the start to after a {@code kill -9}. */
@Tag("netns")
final class HealthCommandTest {
    @AutoClose private final SidecarLab lab = new SidecarLab();

    @Test
    void followsTheSidecar() throws Exception {
        assertEquals(1, lab.culvert("health").exitCode(), "nothing runs");

        RunningProcess process = lab.connect();
        awaitHealth(0, "healthy");
        assertEquals("200 live\n", get("/livez"));
        assertEquals("200 connected\n", get("/readyz"));
        assertEquals("404 not found\n", get("/"));

        SidecarLab.kill(process);
        Execution after = lab.culvert("health");

        assertEquals(1, after.exitCode());
        assertTrue(after.output().contains("is gone"), after.output());
    }

    @Test
    void isNotHealthyForTheSocketOfAnotherDeviceAfterAKill() throws Exception {
        String link = "h" + ProcessHandle.current().pid();
        Path socket = Path.of("/var/run/wireguard", link + ".sock");
        try (RunningProcess other = lab.inside.start(Dist.launcher().toString(), "-f", link)) {
            NetworkNamespace.await(Dist.PATIENCE, () -> Files.exists(socket), other::output);
            RunningProcess process = lab.connect();
            awaitHealth(0, "healthy");

            SidecarLab.kill(process);
            Execution after = lab.culvert("health");

            assertEquals(1, after.exitCode(), after.output());
            assertTrue(after.output().contains("culvert run is gone"), after.output());
        }
    }

    @Test
    void isNotReadyWhileThePeerDoesNotAnswer() throws Exception {
        lab.outside.run("ip", "link", "set", lab.outsideLink(), "down");
        lab.start(lab.write(lab.config()));

        awaitHealth(1, "no handshake yet");

        assertEquals("200 live\n", get("/livez"));
        assertEquals("503 no handshake yet\n", get("/readyz"));
    }

    @Test
    void isNotHealthyForItsSocketWhereItCannotWrite() {
        Path file = lab.file("file", "");
        String folder = "CULVERT_RUN_DIR=" + file.resolve("folder");
        RunningProcess process = lab.connect(folder);
        Execution health = lab.inside.exec("env", folder, Dist.launcher().toString(), "health");

        assertEquals(1, health.exitCode(), health.output() + process.output());
        assertTrue(health.output().contains("or cannot write to " + file), health.output());
    }

    private void awaitHealth(int status, String text) {
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> {
                    Execution health = lab.culvert("health");
                    return health.exitCode() == status && health.output().contains(text);
                },
                () -> lab.culvert("health").output());
        // The address is bound a moment after the first turn.
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> !lab.inside.run("ss", "-Htln", "sport = :9586").isBlank(),
                () -> "nothing listens");
    }

    private String get(String path) throws Exception {
        return lab.inside.callInside(() -> {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create("http://127.0.0.1:9586" + path).toURL().openConnection();
            int status = connection.getResponseCode();
            InputStream body =
                    status < 400 ? connection.getInputStream() : connection.getErrorStream();
            return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
        });
    }
}
