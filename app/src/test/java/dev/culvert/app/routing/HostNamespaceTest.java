package dev.culvert.app.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNamespaceTest {
    @Test
    void isToldByASettingOfTheWholeMachine(@TempDir Path root) throws Exception {
        assertFalse(HostNamespace.isCurrent(root));
        Path settings = Files.createDirectories(root.resolve("proc/sys/net/core"));
        Files.createFile(settings.resolve("netdev_max_backlog"));
        assertTrue(HostNamespace.isCurrent(root));
    }

    @Test
    @Tag("netns")
    void isNoNamespaceThatWasMade() {
        try (NetworkNamespace made = NetworkNamespace.create("host")) {
            assertEquals(
                    1, made.exec("test", "-e", "/proc/sys/net/core/netdev_max_backlog").exitCode());
            assertEquals(0, made.exec("test", "-e", "/proc/sys/net/core/somaxconn").exitCode());
        }
    }
}
