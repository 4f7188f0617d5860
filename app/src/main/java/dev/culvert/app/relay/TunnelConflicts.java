package dev.culvert.app.relay;

import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.RoutingTable;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.rules.RouteRule;
import dev.culvert.app.rules.Word;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/** What cannot be in two tunnels of one process, though each of them is right by itself. */
final class TunnelConflicts {
    private final List<TunnelConfig> tunnels;
    private final List<RouteRule> rules;
    private final List<ConfigProblem> problems = new ArrayList<>();

    TunnelConflicts(List<TunnelConfig> tunnels, List<RouteRule> rules) {
        this.tunnels = tunnels;
        this.rules = rules;
    }

    /** A line each; empty: they go together. */
    List<ConfigProblem> problems() {
        for (int i = 0; i < tunnels.size(); i++) {
            for (int j = 0; j < i; j++) {
                compare(tunnels.get(j), tunnels.get(i));
            }
        }
        for (RouteRule rule : rules) {
            if (rule instanceof RouteRule.Via via) {
                carriers(via);
            }
        }
        return problems;
    }

    private void compare(TunnelConfig first, TunnelConfig second) {
        if (first.interfaceName().equals(second.interfaceName())) {
            problems.add(
                    new ConfigProblem(
                            second.source(),
                            0,
                            "",
                            "makes "
                                    + second.interfaceName()
                                    + ", as "
                                    + first.source()
                                    + " does"));
            return;
        }
        int port = second.local().listenPort().orElse(0);
        if (port != 0 && port == first.local().listenPort().orElse(0)) {
            problems.add(
                    second.origins()
                            .listenPort()
                            .problem(
                                    port
                                            + " is that of "
                                            + first.origins().listenPort()
                                            + ", too"));
        }
        if (first.local().fwmark().orElse(0) != second.local().fwmark().orElse(0)) {
            problems.add(
                    second.origins()
                            .fwmark()
                            .problem(
                                    "has to be the same in all files, and is another one in "
                                            + first.origins().fwmark()));
        }
        addresses(first, second);
        peers(first, second);
    }

    private void addresses(TunnelConfig first, TunnelConfig second) {
        for (IpPrefix mine : second.local().addresses()) {
            for (IpPrefix theirs : first.local().addresses()) {
                if (overlap(mine, theirs)) {
                    problems.add(
                            second.origins()
                                    .address(mine)
                                    .problem(
                                            mine
                                                    + " overlaps "
                                                    + theirs
                                                    + " of "
                                                    + first.origins().address(theirs)));
                }
            }
        }
    }

    private static boolean overlap(IpPrefix a, IpPrefix b) {
        return a.family() == b.family()
                && (subnet(a).contains(b.address()) || subnet(b).contains(a.address()));
    }

    private static Subnet subnet(IpPrefix prefix) {
        return new Subnet(prefix.address(), prefix.length());
    }

    private void peers(TunnelConfig first, TunnelConfig second) {
        for (PeerConfig mine : second.peers()) {
            for (PeerConfig theirs : first.peers()) {
                if (mine.publicKey().equals(theirs.publicKey())) {
                    problems.add(
                            second.origins()
                                    .peer(mine.publicKey())
                                    .problem(
                                            mine.publicKey()
                                                    + " is that of a peer in "
                                                    + first.origins().peer(theirs.publicKey())
                                                    + ", too"));
                    continue;
                }
                for (IpPrefix network : mine.allowedIps()) {
                    if (theirs.allowedIps().contains(network)
                            && routed(first)
                            && routed(second)
                            && !isChosen(network)) {
                        problems.add(
                                second.origins()
                                        .allowedIps(network)
                                        .problem(
                                                network
                                                        + " belongs to a peer in "
                                                        + first.origins().allowedIps(network)
                                                        + " already; ROUTE_RULES can say which it"
                                                        + " is: \""
                                                        + network
                                                        + " via "
                                                        + first.interfaceName()
                                                        + " backup "
                                                        + second.interfaceName()
                                                        + "\""));
                    }
                }
            }
        }
    }

    private static boolean routed(TunnelConfig tunnel) {
        return tunnel.local().table() instanceof RoutingTable.Auto;
    }

    private boolean isChosen(IpPrefix network) {
        return rules.stream()
                .anyMatch(rule ->
                        rule instanceof RouteRule.Via via && via.destination().equals(network));
    }

    /** A tunnel drops what is for none of its peers. */
    private void carriers(RouteRule.Via via) {
        for (TunnelConfig tunnel : tunnels) {
            Word word = via.word(tunnel.interfaceName()).orElse(null);
            if (word == null) {
                continue;
            }
            boolean carried =
                    tunnel.peers().stream()
                            .flatMap(peer -> peer.allowedIps().stream())
                            .anyMatch(allowed ->
                                    allowed.family() == via.destination().family()
                                            && allowed.length() <= via.destination().length()
                                            && subnet(allowed)
                                                    .contains(via.destination().address()));
            if (!carried) {
                problems.add(
                        word.problem(
                                RouteRule.SOURCE,
                                "no AllowedIPs in "
                                        + tunnel.source()
                                        + " hold "
                                        + via.destination()));
            }
        }
    }
}
