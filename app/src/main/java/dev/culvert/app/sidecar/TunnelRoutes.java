package dev.culvert.app.sidecar;

import dev.culvert.app.config.RoutingTable;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.routing.PathMtu;
import dev.culvert.app.routing.RoutePlan;
import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.killswitch.Strictness;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.net.InetAddress;
import java.util.Set;

/** The routes of one tunnel, and what follows from the way to its endpoint. */
final class TunnelRoutes {
    private static final Set<InetAddress> ANYWHERE =
            Set.of(InetAddress.ofLiteral("0.0.0.0"), InetAddress.ofLiteral("::"));

    private final Surroundings surroundings;
    private final SidecarSettings settings;
    private final Rtnetlink rtnetlink;
    private final TunnelPolicy policy;
    private final Ways ways;

    TunnelRoutes(
            Surroundings surroundings,
            SidecarSettings settings,
            Rtnetlink rtnetlink,
            TunnelPolicy policy,
            Ways ways) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.rtnetlink = rtnetlink;
        this.policy = policy;
        this.ways = ways;
    }

    /** A mark there has to be: by it the kill switch knows the encrypted packets. */
    static int mark(TunnelConfig config) {
        int mark = (int) config.local().fwmark().orElse(0);
        return mark == 0 ? RoutePlanner.DEFAULT_MARK : mark;
    }

    private boolean isClosing() {
        return settings.strictness() != Strictness.OFF;
    }

    /** Before there is a tunnel: nothing leaves beside it. */
    void close(TunnelConfig wanted) throws RtnetlinkException {
        if (wanted.local().table() instanceof RoutingTable.Auto && isClosing()) {
            ways.apply(
                    wanted.interfaceName(), RoutePlanner.closed(mark(wanted), surroundings.ipv6()));
        }
    }

    /** Into the tunnel, by the ways that are chosen now. */
    void open(TunnelConfig wanted, int linkIndex) throws RtnetlinkException {
        RoutePlan plan =
                RoutePlanner.open(
                        wanted.local().table(),
                        ways.networks(wanted),
                        linkIndex,
                        mark(wanted),
                        policy.uplinks(),
                        settings.exemptions(),
                        surroundings.ipv6(),
                        surroundings.ipv6On(wanted.interfaceName()),
                        isClosing());
        ways.apply(wanted.interfaceName(), plan);
    }

    /**
     * As configured, else from the way to the endpoints. Peers that call are beyond the default
     * route.
     */
    int mtu(TunnelConfig wanted, Set<InetAddress> endpoints) throws RtnetlinkException {
        return wanted.local().mtu().isPresent()
                ? wanted.local().mtu().getAsInt()
                : PathMtu.of(rtnetlink, endpoints.isEmpty() ? ANYWHERE : endpoints);
    }
}
