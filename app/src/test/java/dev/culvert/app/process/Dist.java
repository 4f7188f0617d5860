package dev.culvert.app.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the program is, and what its processes leave to be seen. */
public final class Dist {
    /** Longer than any start on a busy machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Dist() {}

    /** {@code bin/culvert} of the distribution. */
    public static Path launcher() {
        Path dist = Path.of(System.getProperty("culvert.dist", "../dist/culvert")).toAbsolutePath();
        Path launcher = dist.resolve("bin/culvert").normalize();
        assertTrue(Files.isExecutable(launcher), "no " + launcher + ": make build");
        return launcher;
    }

    /** An interface name of its own: the sockets of all namespaces are in one folder. */
    public static String interfaceName() {
        return "cv" + ProcessHandle.current().pid() % 100_000 + "x" + NUMBER.incrementAndGet();
    }

    public static Path socket(String interfaceName) {
        return Path.of("/var/run/wireguard", interfaceName + ".sock");
    }

    static boolean accepts(String interfaceName) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket(interfaceName)));
        } catch (IOException refused) {
            return false;
        }
    }

    static boolean hasLink(NetworkNamespace namespace, String interfaceName) {
        return namespace.exec("ip", "link", "show", "dev", interfaceName).exitCode() == 0;
    }

    /** The process whose command line ends with the interface's name. */
    static ProcessHandle daemon(NetworkNamespace namespace, String interfaceName) {
        return namespace
                .run("ip", "netns", "pids", namespace.name())
                .lines()
                .map(String::strip)
                .map(Long::parseLong)
                .filter(pid -> commandLine(pid).endsWith(" " + interfaceName))
                .findFirst()
                .flatMap(ProcessHandle::of)
                .orElseThrow(() -> new AssertionError("no daemon for " + interfaceName));
    }

    private static String commandLine(long pid) {
        try {
            String words = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
            return words.replace('\0', ' ').strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** Process, interface and socket are gone. */
    static void awaitEnd(NetworkNamespace namespace, String interfaceName, ProcessHandle daemon) {
        NetworkNamespace.await(
                PATIENCE, () -> !daemon.isAlive(), () -> "still running: " + daemon.info());
        assertTrue(!hasLink(namespace, interfaceName), interfaceName + " is still there");
        assertTrue(!Files.exists(socket(interfaceName)), "the socket is still there");
    }

    /** Ends what runs inside; a process that is killed leaves its socket behind. */
    static void close(NetworkNamespace namespace, String... interfaceNames) {
        namespace.close();
        for (String interfaceName : interfaceNames) {
            socket(interfaceName).toFile().delete();
        }
    }

    static Path linkTo(Path launcher, Path link) {
        try {
            return Files.createSymbolicLink(link, launcher);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The one line that a failed start leaves. */
    static String refusal(Execution execution) {
        assertTrue(execution.exitCode() == 1, execution.toString());
        assertTrue(execution.output().lines().count() == 1, execution.toString());
        return execution.output().strip();
    }
}
