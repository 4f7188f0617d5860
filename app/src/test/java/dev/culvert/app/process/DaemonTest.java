package dev.culvert.app.process;

import static dev.culvert.app.process.Dist.accepts;
import static dev.culvert.app.process.Dist.awaitEnd;
import static dev.culvert.app.process.Dist.daemon;
import static dev.culvert.app.process.Dist.hasLink;
import static dev.culvert.app.process.Dist.interfaceName;
import static dev.culvert.app.process.Dist.launcher;
import static dev.culvert.app.process.Dist.refusal;
import static dev.culvert.app.process.Dist.socket;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("netns")
final class DaemonTest {
    private final String wg = interfaceName();
    private final NetworkNamespace namespace = NetworkNamespace.create("app");

    @BeforeEach
    void theNameIsFree() {
        assertFalse(Files.exists(socket(wg)));
    }

    @AfterEach
    void close() {
        Dist.close(namespace, wg);
    }

    @Nested
    final class InTheBackground {
        @Test
        void returnsWhenInterfaceAndSocketAreThere() {
            Execution started = namespace.exec(launcher().toString(), wg);
            assertEquals(new Execution(0, ""), started);
            assertTrue(hasLink(namespace, wg));
            assertTrue(accepts(wg));
            assertTrue(namespace.run("wg", "show", wg).startsWith("interface: " + wg));
        }

        @Test
        void hasASessionOfItsOwnAndNoTerminal() throws Exception {
            namespace.run(launcher().toString(), wg);
            long pid = daemon(namespace, wg).pid();
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            assertEquals(String.valueOf(pid), fields.get(3), "session");
            for (int fd = 0; fd <= 2; fd++) {
                Path open = Path.of("/proc/" + pid + "/fd/" + fd);
                assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(open));
            }
            // Its number may be in use again, for what was opened since.
            Path ready = Path.of("/proc/" + pid + "/fd/9");
            assertFalse(
                    Files.exists(ready)
                            && Files.readSymbolicLink(ready).toString().startsWith("pipe:"),
                    "the ready pipe");
        }

        @Test
        void keepsTheCallersOutputWhereALogLevelIsSet() {
            RunningProcess started =
                    namespace.start(List.of("LOG_LEVEL=verbose"), launcher().toString(), wg);
            assertEquals(0, started.await(Dist.PATIENCE).exitCode());
            started.awaitOutput("DEBUG: (" + wg + ") ", Dist.PATIENCE);
        }

        @Test
        void startsWithALogLevelThatItDoesNotKnowAndSaysSo() {
            RunningProcess started =
                    namespace.start(List.of("LOG_LEVEL=loud"), launcher().toString(), wg);
            assertEquals(0, started.await(Dist.PATIENCE).exitCode());
            assertTrue(
                    started.output().startsWith("culvert: LOG_LEVEL: \"loud\" is not one of "),
                    started.output());
        }

        @ParameterizedTest
        @ValueSource(strings = {"INT", "TERM"})
        void endsOnASignal(String signal) {
            namespace.run(launcher().toString(), wg);
            ProcessHandle daemon = daemon(namespace, wg);
            namespace.run("kill", "-" + signal, String.valueOf(daemon.pid()));
            awaitEnd(namespace, wg, daemon);
        }

        @Test
        void endsWhenTheInterfaceIsDeleted() {
            namespace.run(launcher().toString(), wg);
            ProcessHandle daemon = daemon(namespace, wg);
            namespace.run("ip", "link", "delete", "dev", wg);
            awaitEnd(namespace, wg, daemon);
        }

        @Test
        void endsWhenTheSocketIsRemoved() throws Exception {
            namespace.run(launcher().toString(), wg);
            ProcessHandle daemon = daemon(namespace, wg);
            Files.delete(socket(wg));
            awaitEnd(namespace, wg, daemon);
        }
    }

    @Nested
    final class InTheForeground {
        @ParameterizedTest
        @ValueSource(strings = {"INT", "TERM"})
        void exitsWithZeroOnASignal(String signal) {
            RunningProcess running = namespace.start(launcher().toString(), "-f", wg);
            awaitListening();
            ProcessHandle process = daemon(namespace, wg);
            assertEquals(running.process().pid(), process.pid(), "the launcher's own process");
            namespace.run("kill", "-" + signal, String.valueOf(process.pid()));
            assertEquals(new Execution(0, ""), running.await(Dist.PATIENCE));
            awaitEnd(namespace, wg, process);
        }

        @Test
        void isAlsoAskedForByEnvironment() {
            RunningProcess running =
                    namespace.start(List.of("WG_PROCESS_FOREGROUND=1"), launcher().toString(), wg);
            awaitListening();
            assertTrue(running.process().isAlive());
        }
    }

    @Nested
    final class Names {
        @TempDir Path folder;

        @Test
        void runsThroughASymbolicLinkFromAnyFolder() {
            Path link = Dist.linkTo(launcher(), folder.resolve("culvert"));
            namespace.run("env", "-C", "/", "PATH=/usr/bin:/bin", link.toString(), wg);
            assertTrue(accepts(wg));
        }

        @Test
        void answersToWireguardGo() {
            Path link = Dist.linkTo(launcher(), folder.resolve("wireguard-go"));
            namespace.run(link.toString(), wg);
            String refusal = refusal(namespace.exec(link.toString(), wg));
            assertTrue(refusal.startsWith("wireguard-go: " + wg + " is in use"), refusal);
        }
    }

    @Nested
    final class Refusals {
        @Test
        void aNameInUse() {
            namespace.run(launcher().toString(), wg);
            String refusal = refusal(namespace.exec(launcher().toString(), wg));
            assertTrue(refusal.contains(wg), refusal);
            assertTrue(accepts(wg), "the first one goes on");
        }

        @Test
        void aSocketInUseLeavesNoInterface() {
            namespace.run(launcher().toString(), wg);
            try (NetworkNamespace other = NetworkNamespace.create("app")) {
                String refusal = refusal(other.exec(launcher().toString(), wg));
                assertEquals("culvert: " + socket(wg) + " is in use by another process", refusal);
                assertFalse(hasLink(other, wg));
            }
        }

        @Test
        void noTunDevice() {
            String refusal =
                    refusal(
                            namespace.exec(
                                    "unshare",
                                    "--mount",
                                    "sh",
                                    "-c",
                                    "mount -t tmpfs none /dev/net && exec \"$@\"",
                                    "sh",
                                    launcher().toString(),
                                    wg));
            assertTrue(refusal.contains("/dev/net/tun"), refusal);
        }

        @ParameterizedTest
        @ValueSource(strings = {"-f", ""})
        void noCapability(String option) {
            String culvert = launcher() + (option.isEmpty() ? "" : " " + option);
            String refusal =
                    refusal(
                            namespace.exec(
                                    "setpriv",
                                    "--bounding-set=-net_admin",
                                    "--inh-caps=-net_admin",
                                    "sh",
                                    "-c",
                                    "exec " + culvert + " " + wg));
            assertTrue(refusal.contains("CAP_NET_ADMIN"), refusal);
            assertFalse(Files.exists(socket(wg)));
        }

        @Test
        void aSettingThatIsNone() {
            RunningProcess started =
                    namespace.start(List.of("CULVERT_IO=epoll"), launcher().toString(), wg);
            assertEquals(
                    "culvert: CULVERT_IO: \"epoll\" is not one of auto, io_uring, syscalls",
                    refusal(started.await(Dist.PATIENCE)));
        }

        @Test
        void aNameThatIsNone() {
            String refusal = refusal(namespace.exec(launcher().toString(), "../wg0"));
            assertTrue(refusal.startsWith("culvert: \"../wg0\" is no interface name"), refusal);
        }
    }

    @Test
    void printsItsVersion() {
        String version = namespace.run(launcher().toString(), "--version");
        assertTrue(version.matches("culvert [0-9.]+, WireGuard in user space\n"), version);
    }

    private void awaitListening() {
        NetworkNamespace.await(
                Duration.ofSeconds(20), () -> accepts(wg), () -> "no socket of " + wg);
    }
}
