package dev.culvert.tun.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class NetworkNamespaceTest {
    @Test
    void pingsOverAVethPairWithBothFamilies() {
        try (NetworkNamespace left = NetworkNamespace.create("tun");
                NetworkNamespace right = NetworkNamespace.create("tun")) {
            Veth.connect(left, "10.77.0.1/24", right, "10.77.0.2/24")
                    .addAddresses("fd77::1/64", "fd77::2/64");
            left.run("ping", "-c1", "-W2", "10.77.0.2");
            right.run("ping", "-c1", "-W2", "fd77::1");
            assertEquals(1, left.exec("ping", "-c1", "-W1", "10.77.0.3").exitCode());
            assertThrows(AssertionError.class, () -> left.run("false"));
        }
    }

    @Test
    void callsInsideAndNowhereElse() throws Exception {
        try (NetworkNamespace inside = NetworkNamespace.create("tun")) {
            inside.run(
                    "ip",
                    "link",
                    "add",
                    "only-inside",
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "other-end");
            int index = inside.callInside(() -> Libc.ifNametoindex("only-inside"));
            assertTrue(index > 0);
            assertEquals(-Errno.ENODEV, Libc.ifNametoindex("only-inside"));
        }
    }

    @Test
    void closingKillsWhatRunsInsideAndRemovesTheNamespace() {
        NetworkNamespace namespace = NetworkNamespace.create("tun");
        RunningProcess process = namespace.start("sleep", "60");
        RunningProcess daemon = namespace.start("sh", "-c", "setsid sleep 60 & echo $!");
        daemon.await(Duration.ofSeconds(5));
        long daemonPid = Long.parseLong(daemon.output().strip());
        namespace.close();
        assertFalse(process.process().isAlive());
        NetworkNamespace.await(
                Duration.ofSeconds(5),
                () -> ProcessHandle.of(daemonPid).filter(ProcessHandle::isAlive).isEmpty(),
                () -> "pid " + daemonPid + " is still there");
        assertFalse(Files.exists(namespace.path()));
    }
}
