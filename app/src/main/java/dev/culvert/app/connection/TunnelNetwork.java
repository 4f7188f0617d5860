package dev.culvert.app.connection;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.policy.TunnelPolicy;
import dev.culvert.app.routing.ReversePath;
import dev.culvert.app.routing.Ways;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the namespace is to know of a tunnel: its addresses, routes, forwarding, name servers. */
final class TunnelNetwork {
    private static final Logger log = LoggerFactory.getLogger(TunnelNetwork.class);

    private final Path root;
    private final Ways ways;
    private final TunnelPolicy policy;
    private final TunnelRoutes routes;
    private final Gateway gateway;
    private final NameServers nameServers;
    private boolean namesServers;

    /**
     * @param namesServers whether resolv.conf is this tunnel's
     */
    TunnelNetwork(
            SharedNamespace namespace,
            ConnectionSettings settings,
            TunnelPolicy policy,
            NameServers nameServers,
            boolean namesServers) {
        this.root = namespace.root();
        this.ways = namespace.ways();
        this.policy = policy;
        this.nameServers = nameServers;
        this.namesServers = namesServers;
        routes = new TunnelRoutes(namespace, settings.sidecar(), policy);
        gateway = new Gateway(namespace, settings);
    }

    boolean namesServers() {
        return namesServers;
    }

    void setNamesServers(boolean names) {
        namesServers = names;
    }

    /** Before there is a tunnel: nothing leaves beside it. */
    void close(TunnelConfig wanted) throws RtnetlinkException {
        routes.close(wanted);
    }

    /** Closes, and makes the kernel ready for a tunnel beside the uplinks. */
    void prepare(TunnelConfig wanted) throws RtnetlinkException {
        close(wanted);
        ReversePath.loosen(root, policy.uplinks()).forEach(log::warn);
        policy.hideTunnelAddress(root);
    }

    /** Addresses, MTU, and what is translated to the addresses. */
    void address(TunnelConfig wanted, Set<InetAddress> endpoints, LiveTunnel tunnel)
            throws RtnetlinkException, ConnectionException {
        int mtu = routes.mtu(wanted, endpoints);
        try {
            tunnel.address(wanted, mtu);
        } finally {
            policy.setLink(tunnel.link()); // Part of it may have been done.
        }
        gateway.translate(tunnel);
    }

    /** Into the tunnel, by the ways that are chosen now. */
    void route(TunnelConfig config, LiveTunnel tunnel) throws RtnetlinkException {
        routes.open(config, tunnel.linkIndex());
    }

    /** Lets the kernel forward between the uplinks and the tunnel, where that is wanted. */
    void forward(LiveTunnel tunnel) {
        gateway.forward(policy.uplinks(), tunnel.name(), tunnel.linkIndex());
    }

    /** Lets the kernel forward between tunnels, where that is wanted. */
    void cross(LiveTunnel tunnel) {
        gateway.cross(ways.crossings(), tunnel.name(), tunnel.linkIndex());
    }

    /** Follows uplinks that have changed. */
    void follow(TunnelConfig config, LiveTunnel tunnel) throws RtnetlinkException {
        if (policy.haveUplinksChanged()) {
            route(config, tunnel);
            forward(tunnel);
        }
    }

    void writeNameServers(TunnelConfig config) {
        if (namesServers) {
            nameServers.write(config);
        }
    }
}
