package dev.culvert.app.connection;

import dev.culvert.app.config.RoutingTable;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.policy.TunnelPolicy;
import dev.culvert.app.routing.Ipv6Support;
import dev.culvert.app.routing.Mark;
import dev.culvert.app.routing.PathMtu;
import dev.culvert.app.routing.RoutePlan;
import dev.culvert.app.routing.RoutePlanner;
import dev.culvert.app.routing.Ways;
import dev.culvert.killswitch.Strictness;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.net.InetAddress;
import java.util.Set;

/** The routes of one tunnel, and what follows from the way to its endpoint. */
final class TunnelRoutes {
    private static final Set<InetAddress> ANYWHERE =
            Set.of(InetAddress.ofLiteral("0.0.0.0"), InetAddress.ofLiteral("::"));

    private final SidecarSettings settings;
    private final Rtnetlink rtnetlink;
    private final Ipv6Support ipv6;
    private final TunnelPolicy policy;
    private final Ways ways;

    TunnelRoutes(SharedNamespace namespace, SidecarSettings settings, TunnelPolicy policy) {
        this.settings = settings;
        this.rtnetlink = namespace.rtnetlink();
        this.ipv6 = new Ipv6Support(namespace.root());
        this.policy = policy;
        this.ways = namespace.ways();
    }

    private boolean isClosing() {
        return settings.strictness() != Strictness.OFF;
    }

    /** Before there is a tunnel: nothing leaves beside it. */
    void close(TunnelConfig wanted) throws RtnetlinkException {
        if (wanted.local().table() instanceof RoutingTable.Auto && isClosing()) {
            ways.apply(
                    wanted.interfaceName(), RoutePlanner.closed(Mark.of(wanted), ipv6.inKernel()));
        }
    }

    /** Into the tunnel, by the ways that are chosen now. */
    void open(TunnelConfig wanted, int linkIndex) throws RtnetlinkException {
        RoutePlan plan =
                RoutePlanner.open(
                        wanted.local().table(),
                        ways.networks(wanted),
                        linkIndex,
                        Mark.of(wanted),
                        policy.uplinks(),
                        settings.exemptions(),
                        ipv6.inKernel(),
                        ipv6.on(wanted.interfaceName()),
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
