package dev.culvert.app.routing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Tells the machine's own network namespace from a container's. */
public final class HostNamespace {
    /**
     * Device-wide settings that the kernel shows in its first network namespace alone
     * (net/core/sysctl_net_core.c): all others see but the settings that each namespace has.
     */
    private static final Path FIRST_ONLY = Path.of("proc/sys/net/core/netdev_max_backlog");

    private HostNamespace() {}

    /**
     * Whether the process is in the first network namespace of its kernel, so that locking it down
     * would lock the machine down.
     *
     * @param root {@code /}
     */
    public static boolean isCurrent(Path root) {
        return Files.exists(root.resolve(FIRST_ONLY));
    }
}
