package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Crossing;
import dev.culvert.killswitch.policy.Forwarding;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Packets for others: into the tunnel for listed sources, back to them, and nowhere else, also if
 * the namespace forwards (net.ipv4.ip_forward = 1). Without a tunnel none passes.
 */
final class ForwardRules {
    private final Forwarding forwarding;
    private final List<Uplink> uplinks;
    private final Passage passage;
    private final List<Rule> rules = new ArrayList<>();

    ForwardRules(Policy policy, Passage passage) {
        this.forwarding = policy.exemptions().forwarding();
        this.uplinks = policy.uplinks();
        this.passage = passage;
        policy.tunnels().forEach(this::tunnel);
        policy.tunnels().forEach(into -> crossings(into, policy.tunnels()));
        rules.addAll(Rule.reject(Reason.FORWARDED, ""));
    }

    BaseChain chain() {
        return new BaseChain("forward", List.of(), rules);
    }

    private void tunnel(TunnelLink tunnel) {
        String in = "iif != " + tunnel.ifindex() + " oif " + tunnel.ifindex() + " ";
        String out = "iif " + tunnel.ifindex() + " oif != " + tunnel.ifindex() + " ";
        List<Subnet> clients = forwarding.sourcesOf(tunnel.name());
        for (Family family : Family.both()) {
            // Without an address of its own the tunnel cannot translate the family.
            if (tunnel.addresses().stream().noneMatch(family::fits)) {
                continue;
            }
            String from = family.subnets("saddr", clients);
            if (!from.isEmpty()) {
                rules.add(Rule.accept("forwarded", in + from));
                String to = family.subnets("daddr", clients);
                rules.add(Rule.accept("forwarded answers", out + to + passage.set()));
            }
        }
        for (Forwarding.Target target : forwarding.targetsOf(tunnel.name())) {
            Family family = Family.of(target.address());
            String host = target.address().getHostAddress();
            String port = " " + target.protocol() + " ";
            rules.add(
                    Rule.accept(
                            "port forward",
                            out
                                    + family.keyword()
                                    + " daddr "
                                    + host
                                    + port
                                    + "dport "
                                    + target.port()
                                    + passage.set()));
            rules.add(
                    Rule.accept(
                            "port forward answers",
                            in
                                    + family.keyword()
                                    + " saddr "
                                    + host
                                    + port
                                    + "sport "
                                    + target.port()));
        }
        for (Forwarding.Bridge bridge : forwarding.bridges()) {
            uplinks.stream()
                    .filter(uplink -> uplink.name().equals(bridge.linkName()))
                    .forEach(uplink -> bridge(tunnel, bridge.from(), uplink));
        }
    }

    /** Answers go by their connection, for the other direction may not be listed. */
    private void crossings(TunnelLink into, List<TunnelLink> tunnels) {
        String others =
                tunnels.stream()
                        .filter(other -> other.ifindex() != into.ifindex())
                        .map(other -> Integer.toString(other.ifindex()))
                        .collect(Collectors.joining(", ", "{ ", " }"));
        if (tunnels.size() < 2) {
            return;
        }
        for (Crossing crossing : into.crossings()) {
            Family family = Family.of(crossing.from().network());
            String from = " oif " + into.ifindex() + " ";
            rules.add(
                    Rule.accept(
                            "crossing",
                            "iif "
                                    + others
                                    + from
                                    + family.subnets("saddr", List.of(crossing.from()))
                                    + " "
                                    + family.subnets("daddr", List.of(crossing.to()))));
            rules.add(
                    Rule.accept(
                            "crossing answers",
                            "iif "
                                    + others
                                    + from
                                    + family.subnets("saddr", List.of(crossing.to()))
                                    + " "
                                    + family.subnets("daddr", List.of(crossing.from()))
                                    + " ct state established,related ct direction reply"));
        }
    }

    private void bridge(TunnelLink tunnel, Subnet from, Uplink uplink) {
        Family family = Family.of(from.network());
        List<Subnet> clients = List.of(from);
        rules.add(
                Rule.accept(
                        "bridged",
                        "iif "
                                + tunnel.ifindex()
                                + " oif "
                                + uplink.ifindex()
                                + " "
                                + family.subnets("saddr", clients)
                                + passage.set()));
        rules.add(
                Rule.accept(
                        "bridged answers",
                        "iif "
                                + uplink.ifindex()
                                + " oif "
                                + tunnel.ifindex()
                                + " "
                                + family.subnets("daddr", clients)
                                + " ct state established,related"));
    }
}
