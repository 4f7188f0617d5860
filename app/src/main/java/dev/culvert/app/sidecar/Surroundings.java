package dev.culvert.app.sidecar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the sidecar runs.
 *
 * @param root {@code /}
 * @param arguments the configurations that the command line names
 */
public record Surroundings(Path root, Map<String, String> environment, List<String> arguments) {
    /** Whether the kernel has IPv6 at all. */
    boolean ipv6() {
        return Files.exists(root.resolve("proc/net/if_inet6"));
    }

    /** Whether a link may have IPv6 addresses and routes: engines switch it off in containers. */
    boolean ipv6On(String linkName) {
        Path setting = root.resolve("proc/sys/net/ipv6/conf/" + linkName + "/disable_ipv6");
        try {
            return Files.readString(setting).strip().equals("0");
        } catch (IOException none) {
            return false;
        }
    }

    /** Of this process: the end of process 1 is the end of its container. */
    boolean isInit() {
        return ProcessHandle.current().pid() == 1;
    }
}
