package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.TunnelLink;
import java.util.ArrayList;
import java.util.List;

/** What sockets of this namespace may receive. What comes through the tunnel is let in. */
final class InputRules {
    private final Policy policy;
    private final List<PinholeSet> pinholes;
    private final List<Rule> rules = new ArrayList<>();

    InputRules(Policy policy, List<PinholeSet> pinholes) {
        this.policy = policy;
        this.pinholes = pinholes;
    }

    BaseChain chain() {
        rules.add(Rule.accept("loopback", "iif \"lo\""));
        policy.tunnels().forEach(this::probes);
        policy.tunnels().forEach(tunnel -> accept("tunnel", "iif " + tunnel.ifindex()));
        for (Family family : Family.both()) {
            accept("encrypted", family.endpoints("saddr", "sport", policy.endpoints()));
        }
        if (!policy.listenPorts().isEmpty()) {
            accept(
                    "encrypted",
                    Matches.listening("dport", policy.listenPorts())
                            + " "
                            + Matches.WIREGUARD_MESSAGE);
        }
        for (PinholeSet pinhole : pinholes) {
            accept("pinhole", pinhole.match("saddr", "sport"));
        }
        for (Family family : Family.both()) {
            String servers = family.addresses("saddr", policy.exemptions().dnsServers());
            if (!servers.isEmpty()) {
                accept("listed dns", servers + " " + Matches.dns("sport"));
            }
            accept("lan", family.subnets("saddr", policy.exemptions().lan()));
        }
        inboundPorts();
        accept("neighbours", Neighbours.advertisements(policy));
        pathMtu();
        rules.add(Rule.drop(Reason.UNINVITED, ""));
        return new BaseChain("input", List.of(), rules);
    }

    /**
     * A neighbour on the uplink that guesses the tunnel's address could tell from the answers what
     * connections run inside it (CVE-2019-14899).
     */
    private void probes(TunnelLink tunnel) {
        for (Family family : Family.both()) {
            String own = family.addresses("daddr", tunnel.addresses());
            if (!own.isEmpty()) {
                rules.add(Rule.drop(Reason.TUNNEL_PROBE, "iif != " + tunnels() + " " + own));
            }
        }
    }

    /** Which of them makes no difference: answers may come by another way than the questions. */
    private String tunnels() {
        List<String> indexes =
                policy.tunnels().stream().map(link -> Integer.toString(link.ifindex())).toList();
        return indexes.size() == 1 ? indexes.getFirst() : "{ " + String.join(", ", indexes) + " }";
    }

    /**
     * A TCP connection must have been opened from outside, before our eyes: connection tracking
     * also picks up those that are under way, whoever opened them.
     */
    private void inboundPorts() {
        Exemptions exemptions = policy.exemptions();
        if (exemptions.inboundPorts().isEmpty()) {
            return;
        }
        String tcp = "tcp " + Matches.portSet("dport", exemptions.inboundPorts());
        accept("inbound", tcp + " ct state new tcp flags & (fin | syn | rst | ack) == syn");
        accept("inbound", tcp + " ct state established ct direction original");
        accept(
                "inbound",
                "udp "
                        + Matches.portSet("dport", exemptions.inboundPorts())
                        + " ct state new,established ct direction original");
    }

    /** Without them a tunnel over a narrow path stalls. The kernel checks what they quote. */
    private void pathMtu() {
        if (Neighbours.needs(policy, Family.IPV4)) {
            accept("path mtu", "icmp type destination-unreachable icmp code frag-needed");
        }
        if (Neighbours.needs(policy, Family.IPV6)) {
            accept("path mtu", "icmpv6 type packet-too-big");
        }
    }

    private void accept(String name, String match) {
        if (!match.isEmpty()) {
            rules.add(Rule.accept(name, match));
        }
    }
}
