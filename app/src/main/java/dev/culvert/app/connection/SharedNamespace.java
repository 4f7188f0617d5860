package dev.culvert.app.connection;

import dev.culvert.app.policy.PolicyControl;
import dev.culvert.app.routing.Ways;
import dev.culvert.app.tunnel.Ending;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import java.nio.file.Path;

/**
 * The network namespace that all connections of a process share, and their common end.
 *
 * @param root {@code /}
 * @param rtnetlink stays the caller's, who closes it
 * @param ending is asked for when a tunnel is removed by others
 */
public record SharedNamespace(
        Path root, Rtnetlink rtnetlink, PolicyControl policy, Ways ways, Ending ending) {}
