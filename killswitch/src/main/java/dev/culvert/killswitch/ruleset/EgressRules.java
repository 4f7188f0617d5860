package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.Uplink;
import java.util.ArrayList;
import java.util.List;

/**
 * What may leave an uplink, frame by frame. A packet must bear the mark that L1 leaves on what it
 * lets pass, and be what L1 lets pass: neither is enough.
 */
final class EgressRules {
    private final Policy policy;
    private final List<PinholeSet> pinholes;
    private final Passage passage;
    private final List<Rule> rules = new ArrayList<>();

    EgressRules(Policy policy, List<PinholeSet> pinholes, Passage passage) {
        this.policy = policy;
        this.pinholes = pinholes;
        this.passage = passage;
    }

    BaseChain chain(List<String> devices) {
        for (Family family : Family.both()) {
            pass("encrypted", family.endpoints("daddr", "dport", policy.endpoints()));
            String servers = family.addresses("daddr", policy.exemptions().dnsServers());
            if (!servers.isEmpty()) {
                pass("listed dns", servers + " " + Matches.dns("dport"));
            }
            pass("lan", family.subnets("daddr", policy.exemptions().lan()));
            pass("forwarded", family.subnets("daddr", forwardedTo()));
            fragments(family);
        }
        Neighbours.strangers(policy).forEach(match -> pass("answers to strangers", match));
        if (!policy.listenPorts().isEmpty()) {
            pass("encrypted", Matches.listening("sport", policy.listenPorts()));
        }
        for (PinholeSet pinhole : pinholes) {
            pass("pinhole", pinhole.match("daddr", "dport"));
        }
        if (!policy.exemptions().inboundPorts().isEmpty()) {
            pass("inbound replies", Matches.ports("sport", policy.exemptions().inboundPorts()));
        }
        bridges();
        Neighbours.solicitations(policy).forEach(match -> pass("neighbours", match));
        Neighbours.arp(policy).forEach(match -> rules.add(Rule.accept("arp", match)));
        rules.add(Rule.drop(Reason.RAW, ""));
        return new BaseChain("egress", devices, rules);
    }

    /** Clients, and who is called by port forwards. */
    private List<Subnet> forwardedTo() {
        return Neighbours.forwardedTo(policy);
    }

    /** The chain of forwarded packets knows whom; after it the address is the uplink's. */
    private void bridges() {
        for (Uplink uplink : policy.uplinks()) {
            if (policy.exemptions().forwarding().isBridge(uplink.name())) {
                pass("bridged", "oif " + uplink.ifindex() + " meta protocol { ip, ip6 }");
            }
        }
    }

    /** Fragmentation comes between L1 and here; all fragments but the first have no ports. */
    private void fragments(Family family) {
        String hosts = family.subnets("daddr", Neighbours.hosts(policy, family));
        if (!hosts.isEmpty()) {
            pass(
                    "fragments",
                    hosts
                            + (family == Family.IPV4
                                    ? " ip frag-off & 0x1fff != 0x0"
                                    : " frag frag-off != 0"));
        }
    }

    private void pass(String name, String match) {
        if (!match.isEmpty()) {
            rules.add(Rule.accept(name, passage.match() + match + passage.clear()));
        }
    }
}
