package dev.culvert.app.sidecar;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the sidecar runs.
 *
 * @param root {@code /}
 * @param argument the configuration that the command line names
 */
public record Surroundings(Path root, Map<String, String> environment, Optional<String> argument) {
    /** Whether the kernel has IPv6 at all. */
    boolean ipv6() {
        return Files.exists(root.resolve("proc/net/if_inet6"));
    }

    /** Of this process: the end of process 1 is the end of its container. */
    boolean isInit() {
        return ProcessHandle.current().pid() == 1;
    }
}
