package dev.culvert.app.routing;

import dev.culvert.app.config.RoutingTable;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.rules.RouteRule;
import dev.culvert.killswitch.policy.Crossing;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tunnel is the way to which network: by the allowed IPs of their peers, and by {@code
 * ROUTE_RULES} before them. The kernel has the routes of all tunnels as one plan.
 */
public final class Ways {
    private final RouteControl routes;
    private final Map<String, RoutePlan> plans = new LinkedHashMap<>();
    private final Map<String, TunnelConfig> tunnels = new LinkedHashMap<>();

    /** Which of a rule's links is used; the first if there is none here. */
    private final Map<IpPrefix, String> chosen = new HashMap<>();

    private List<RouteRule> rules = List.of();

    /** For the tunnels of one namespace. */
    public Ways(RouteControl routes) {
        this.routes = routes;
    }

    /** Those that are in force from now on; routes follow when their tunnels are routed again. */
    public void setRules(List<RouteRule> wanted) {
        rules = List.copyOf(wanted);
        chosen.clear();
    }

    /** What its peers take, as of this configuration. */
    public void put(TunnelConfig config) {
        tunnels.put(config.interfaceName(), config);
    }

    /** The tunnel is no more, nor are its routes. */
    public void remove(String link) throws RtnetlinkException {
        tunnels.remove(link);
        if (plans.remove(link) != null) {
            routes.apply(whole());
        }
    }

    /** Whether a link is a tunnel of the configuration. */
    public boolean isTunnel(String link) {
        return tunnels.containsKey(link);
    }

    /** The networks that this tunnel is the way to now. */
    public List<IpPrefix> networks(TunnelConfig config) {
        List<IpPrefix> networks = new ArrayList<>();
        config.peers().forEach(peer -> networks.addAll(peer.allowedIps()));
        for (RouteRule.Via via : vias()) {
            networks.remove(via.destination());
            if (chosen(via).equals(config.interfaceName())) {
                networks.add(via.destination());
            }
        }
        return networks;
    }

    /** All of them. */
    public List<RouteRule> rules() {
        return rules;
    }

    /** The rules that choose a way. */
    public List<RouteRule.Via> vias() {
        return rules.stream()
                .filter(RouteRule.Via.class::isInstance)
                .map(RouteRule.Via.class::cast)
                .toList();
    }

    /** The link that a rule's network is reached by now. */
    public String chosen(RouteRule.Via via) {
        return chosen.getOrDefault(via.destination(), via.links().getFirst());
    }

    /** Takes another one; the two tunnels have to be routed again. */
    public void choose(RouteRule.Via via, String link) {
        chosen.put(via.destination(), link);
    }

    /** The routes of one tunnel, in place of those that it had. */
    public void apply(String link, RoutePlan plan) throws RtnetlinkException {
        plans.put(link, plan);
        routes.apply(whole());
    }

    /** Puts back what others have taken away. */
    public void restore() throws RtnetlinkException {
        routes.restore();
    }

    private RoutePlan whole() {
        RoutePlan all = RoutePlan.EMPTY;
        for (RoutePlan plan : plans.values()) {
            all = all.and(plan);
        }
        return all;
    }

    /**
     * The other tunnel that an endpoint is reached through: encrypted packets have the mark and so
     * follow main, where default routes of tunnels are not.
     */
    public Optional<String> carrier(String ownLink, InetAddress endpoint) {
        String carrier = null;
        int longest = 0;
        for (TunnelConfig other : tunnels.values()) {
            if (other.interfaceName().equals(ownLink)
                    || !(other.local().table() instanceof RoutingTable.Auto)) {
                continue;
            }
            for (IpPrefix network : networks(other)) {
                if (network.length() > longest
                        && new Subnet(network.address(), network.length()).contains(endpoint)) {
                    longest = network.length();
                    carrier = other.interfaceName();
                }
            }
        }
        return Optional.ofNullable(carrier);
    }

    /** Who may talk to whom across tunnels. */
    public List<Crossing> crossings() {
        List<Crossing> crossings = new ArrayList<>();
        for (RouteRule rule : rules) {
            if (rule instanceof RouteRule.Allow allow) {
                crossings.add(new Crossing(subnet(allow.from()), subnet(allow.to())));
            }
        }
        return crossings;
    }

    private static Subnet subnet(IpPrefix prefix) {
        return new Subnet(prefix.address(), prefix.length());
    }
}
