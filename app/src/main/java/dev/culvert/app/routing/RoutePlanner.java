package dev.culvert.app.routing;

import dev.culvert.app.config.RoutingTable;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.RouteType;
import dev.culvert.tun.rtnetlink.Rule;
import dev.culvert.tun.sys.SocketConstants;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans routing as wg-quick does it: what the tunnel does not carry by its mark looks up in the
 * tunnel's table, unless main has something more specific than a default route.
 *
 * <pre>
 * priority 32763  from OWN ADDRESS      lookup INBOUND   answers of listed inbound ports
 * priority 32764  all                   lookup main, default routes suppressed
 * priority 32765  not fwmark MARK       lookup MARK      default: tunnel; metric 2^32-2: unreachable
 * </pre>
 */
public final class RoutePlanner {
    /** The table that the mark names if none is configured, and the mark; 0xca6c as wg-quick's. */
    public static final int DEFAULT_MARK = 51820;

    private static final int INBOUND_TABLE = 51819;
    private static final int INBOUND_PRIORITY = 32763;
    private static final int SUPPRESSED_MAIN_PRIORITY = 32764;
    private static final int TUNNEL_PRIORITY = 32765;

    /** As an unsigned number next to the worst there is. */
    private static final int LAST_METRIC = -2;

    private static final List<Integer> FAMILIES =
            List.of(SocketConstants.AF_INET, SocketConstants.AF_INET6);

    private final Exemptions exemptions;
    private final List<Uplink> uplinks;
    private final Set<Integer> families;
    private final Set<Route> routes = new LinkedHashSet<>();
    private final Set<Rule> rules = new LinkedHashSet<>();

    private RoutePlanner(Exemptions exemptions, List<Uplink> uplinks, boolean ipv6) {
        this.exemptions = exemptions;
        this.uplinks = uplinks;
        families = ipv6 ? Set.copyOf(FAMILIES) : Set.of(SocketConstants.AF_INET);
    }

    /**
     * Closed without a tunnel: every packet without the mark finds "unreachable".
     *
     * @param ipv6 whether the kernel has it
     */
    public static RoutePlan closed(int mark, boolean ipv6) {
        RoutePlanner planner = new RoutePlanner(Exemptions.NONE, List.of(), ipv6);
        planner.families.forEach(family -> planner.tunnelTable(family, mark));
        return planner.plan();
    }

    /**
     * For want of a kill switch: as {@link #closed}, and not even the links' own networks are
     * reached.
     */
    public static RoutePlan sealed(int mark, boolean ipv6) {
        RoutePlan closed = closed(mark, ipv6);
        return new RoutePlan(
                closed.routes(),
                closed.rules().stream()
                        .filter(rule -> rule.priority() == TUNNEL_PRIORITY)
                        .collect(Collectors.toSet()));
    }

    /**
     * A tunnel that is there.
     *
     * @param networks that the tunnel is the way to
     * @param ipv6 whether the kernel has it
     * @param tunnelIpv6 whether the tunnel's link may have routes of it
     * @param closing whether the tunnel's table takes both families, also one that the tunnel does
     *     not carry
     */
    public static RoutePlan open(
            RoutingTable table,
            List<IpPrefix> networks,
            int tunnelIndex,
            int mark,
            List<Uplink> uplinks,
            Exemptions exemptions,
            boolean ipv6,
            boolean tunnelIpv6,
            boolean closing) {
        RoutePlanner planner = new RoutePlanner(exemptions, uplinks, ipv6);
        planner.tunnel(table, networks, tunnelIndex, mark, tunnelIpv6, closing);
        planner.localNetworks();
        planner.inboundAnswers();
        return planner.plan();
    }

    /** The local networks alone, as they stand in main. */
    public static RoutePlan localNetworks(Exemptions exemptions, List<Uplink> uplinks) {
        RoutePlanner planner = new RoutePlanner(exemptions, uplinks, true);
        planner.localNetworks();
        return planner.plan();
    }

    private RoutePlan plan() {
        return new RoutePlan(routes, rules);
    }

    private void tunnel(
            RoutingTable table,
            List<IpPrefix> networks,
            int tunnelIndex,
            int mark,
            boolean tunnelIpv6,
            boolean closing) {
        List<IpPrefix> prefixes =
                networks.stream()
                        .filter(prefix -> tunnelIpv6 || prefix.family() == SocketConstants.AF_INET)
                        .toList();
        switch (table) {
            case RoutingTable.Off off -> {}
            case RoutingTable.Numbered numbered ->
                    prefixes.forEach(prefix ->
                            routes.add(Route.overLink(prefix, tunnelIndex).inTable(numbered.id())));
            case RoutingTable.Auto auto -> {
                Stream<IpPrefix> defaults = prefixes.stream().filter(RoutePlanner::isDefault);
                Set<Integer> carried =
                        Set.copyOf(defaults.map(IpPrefix::family).distinct().toList());
                for (IpPrefix prefix : prefixes) {
                    Route route = Route.overLink(prefix, tunnelIndex);
                    routes.add(isDefault(prefix) ? route.inTable(mark) : route);
                }
                if (!carried.isEmpty()) {
                    (closing ? families : carried).forEach(family -> tunnelTable(family, mark));
                    localNetworksIn(mark);
                }
            }
        }
    }

    private static boolean isDefault(IpPrefix prefix) {
        return prefix.length() == 0;
    }

    private void tunnelTable(int family, int mark) {
        routes.add(
                new Route(
                        IpPrefix.any(family),
                        RouteType.UNREACHABLE,
                        mark,
                        0,
                        null,
                        LAST_METRIC,
                        null));
        rules.add(
                Rule.lookup(family, Route.TABLE_MAIN)
                        .suppressingPrefixLength(0)
                        .withPriority(SUPPRESSED_MAIN_PRIORITY));
        rules.add(
                Rule.lookup(family, mark)
                        .withFwmark(mark)
                        .inverted()
                        .withPriority(TUNNEL_PRIORITY));
    }

    private void localNetworks() {
        for (Subnet subnet : exemptions.lan()) {
            Route route = localNetwork(subnet);
            // What is on the link itself main knows already.
            if (route != null && route.gateway() != null) {
                routes.add(route);
            }
        }
    }

    private void localNetworksIn(int table) {
        for (Subnet subnet : exemptions.lan()) {
            Route route = localNetwork(subnet);
            if (route != null) {
                routes.add(route.inTable(table));
            }
        }
    }

    /** Null: no uplink leads there. */
    private @Nullable Route localNetwork(Subnet subnet) {
        IpPrefix prefix = new IpPrefix(subnet.network(), subnet.prefixLength());
        if (!families.contains(prefix.family())) {
            return null;
        }
        for (Uplink uplink : uplinks) {
            for (LinkAddress own : uplink.addresses()) {
                Subnet connected = own.subnet();
                if (connected.prefixLength() <= subnet.prefixLength()
                        && connected.contains(subnet.network())) {
                    return Route.overLink(prefix, uplink.ifindex());
                }
            }
        }
        for (Uplink uplink : uplinks) {
            InetAddress gateway = gateway(uplink, prefix.family());
            if (gateway != null) {
                return Route.overGateway(prefix, gateway).onLink(uplink.ifindex());
            }
        }
        return null;
    }

    private static @Nullable InetAddress gateway(Uplink uplink, int family) {
        for (InetAddress gateway : uplink.gateways()) {
            if (familyOf(gateway) == family) {
                return gateway;
            }
        }
        return null;
    }

    /** What is answered from an uplink's address goes back by that uplink. */
    private void inboundAnswers() {
        if (exemptions.inboundPorts().isEmpty()) {
            return;
        }
        for (Uplink uplink : uplinks) {
            for (LinkAddress own : uplink.addresses()) {
                int family = familyOf(own.address());
                InetAddress gateway = gateway(uplink, family);
                if (gateway == null
                        || own.address().isLinkLocalAddress()
                        || !families.contains(family)) {
                    continue;
                }
                routes.add(
                        Route.overGateway(IpPrefix.any(family), gateway)
                                .onLink(uplink.ifindex())
                                .inTable(INBOUND_TABLE));
                int bits = own.address().getAddress().length * 8;
                rules.add(
                        new Rule(
                                family,
                                INBOUND_PRIORITY,
                                false,
                                0,
                                0,
                                INBOUND_TABLE,
                                -1,
                                new IpPrefix(own.address(), bits),
                                null,
                                "",
                                "",
                                true));
            }
        }
    }

    /** Whether a rule is one of those that are planned here: to remove what a process left. */
    static boolean isOurs(Rule rule) {
        return switch (rule.priority()) {
            case INBOUND_PRIORITY -> rule.table() == INBOUND_TABLE;
            case SUPPRESSED_MAIN_PRIORITY ->
                    rule.table() == Route.TABLE_MAIN && rule.suppressPrefixLength() == 0;
            case TUNNEL_PRIORITY -> rule.invert() && rule.fwmark() == rule.table();
            default -> false;
        };
    }

    /** Whether rules of ours keep packets without the mark away from the default route. */
    public static boolean divert(List<Rule> rules) {
        return rules.stream().anyMatch(rule -> rule.priority() == TUNNEL_PRIORITY && isOurs(rule));
    }

    /** The mark that the rules of a process here go by; the default if there are none. */
    public static int markInForce(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.priority() == TUNNEL_PRIORITY && isOurs(rule))
                .mapToInt(Rule::fwmark)
                .findFirst()
                .orElse(DEFAULT_MARK);
    }

    private static int familyOf(InetAddress address) {
        return new IpPrefix(address, 0).family();
    }
}
