package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is asked of the first process of a container. */
@Tag("netns")
@Tag("leaktest")
final class ProcessOneTest {
    @AutoClose private final SidecarLab lab = new SidecarLab();

    private RunningProcess start(Path config) {
        return lab.inside.start(
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                Dist.launcher().toString(),
                "run",
                config.toString());
    }

    /** Process 1 of its namespace, as this namespace knows it. */
    private static ProcessHandle init(RunningProcess unshare) {
        return unshare.process().children().findFirst().orElseThrow();
    }

    @Test
    void takesNoteOfTheEndOfOrphans() throws Exception {
        RunningProcess process = start(lab.write(lab.config()));
        lab.awaitConnected(process);
        ProcessHandle init = init(process);

        // The shell in between ends at once, its child is an orphan then.
        new ProcessBuilder(
                        "nsenter",
                        "--target",
                        Long.toString(init.pid()),
                        "--pid",
                        "sh",
                        "-c",
                        "for i in 1 2 3; do sleep 600 & done")
                .start()
                .waitFor();

        assertEquals(3, children(init).size(), "it is their parent now");
        init.children().forEach(ProcessHandle::destroy);
        NetworkNamespace.await(
                Dist.PATIENCE, () -> children(init).isEmpty(), () -> "left: " + children(init));
        lab.assertReaches(SidecarLab.PEER);
    }

    /** Of the process, zombies too: state and name. */
    private static List<String> children(ProcessHandle of) {
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            List<String> found = new java.util.ArrayList<>();
            for (Path process : processes) {
                String stat = stat(process);
                String[] behindName =
                        stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
                if (behindName.length > 1 && behindName[1].equals(Long.toString(of.pid()))) {
                    found.add(stat.substring(0, stat.lastIndexOf(')') + 1) + " " + behindName[0]);
                }
            }
            return found;
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static String stat(Path process) {
        try {
            return Files.readString(process.resolve("stat"));
        } catch (IOException ended) {
            return "";
        }
    }

    @Test
    void sigtermEndsItWithinTwoSecondsAndTheRulesStay() throws Exception {
        RunningProcess process = start(lab.write(lab.config()));
        lab.awaitConnected(process);
        Capture strays = lab.strays("");

        long startNs = System.nanoTime();
        init(process).destroy();

        assertTrue(process.process().waitFor(2, TimeUnit.SECONDS), process.output());
        assertTrue(System.nanoTime() - startNs < 2_000_000_000L);
        assertEquals(0, process.process().exitValue(), process.output());
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
        assertTrue(
                lab.inside.run("nft", "list", "table", "inet", "culvert").contains("state-armed"));
        assertEquals(List.of(), strays.frames());
    }

    @Test
    void staysUpClosedAfterAMistakeAndRecoversByReload() throws Exception {
        lab.write(lab.config().replace("10.9.0.2/32", "10.9.0.2/99"));
        Path config = lab.folder.resolve(lab.interfaceName + ".conf");
        RunningProcess process = start(config);
        process.awaitOutput(config + ":3: Address: ", Dist.PATIENCE);
        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> lab.culvert("status").output().contains("failed"),
                process::output);
        assertTrue(process.process().isAlive(), "stays up");
        Execution health = lab.culvert("health");
        assertEquals(1, health.exitCode(), health.output());
        assertTrue(
                health.output().contains("not healthy: " + config + ":3: Address: "),
                health.output());
        Capture strays = lab.strays("");
        assertFalse(lab.reaches(SidecarLab.GATEWAY));

        lab.write(lab.config());
        assertEquals(0, lab.culvert("reload").exitCode());
        lab.awaitConnected(process);
        lab.assertReaches(SidecarLab.PEER);
        assertEquals(List.of(), strays.frames());
    }

    @Test
    void putsRulesBackThatWereFlushedWhileThereIsNoTunnel() throws Exception {
        RunningProcess process =
                start(lab.write(lab.config().replace("10.9.0.2/32", "10.9.0.2/99")));
        process.awaitOutput("kill switch: failed", Dist.PATIENCE);

        lab.inside.run("nft", "flush", "ruleset");

        NetworkNamespace.await(
                Duration.ofSeconds(3),
                () -> lab.inside.run("nft", "list", "tables").contains("inet culvert"),
                process::output);
        assertFalse(lab.reaches(SidecarLab.GATEWAY));
    }
}
