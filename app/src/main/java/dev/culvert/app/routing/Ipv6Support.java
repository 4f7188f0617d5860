package dev.culvert.app.routing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much IPv6 there is in this namespace.
 *
 * @param root {@code /}
 */
public record Ipv6Support(Path root) {
    /** Whether the kernel has it at all. */
    public boolean inKernel() {
        return Files.exists(root.resolve("proc/net/if_inet6"));
    }

    /** Whether a link may have IPv6 addresses and routes: engines switch it off in containers. */
    public boolean on(String linkName) {
        Path setting = root.resolve("proc/sys/net/ipv6/conf/" + linkName + "/disable_ipv6");
        try {
            return Files.readString(setting).strip().equals("0");
        } catch (IOException none) {
            return false;
        }
    }
}
