package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.TunnelLink;
import java.util.ArrayList;
import java.util.List;

/** What sockets of this namespace may send. The order of the rules is part of the policy. */
final class OutputRules {
    private final Policy policy;
    private final List<PinholeSet> pinholes;
    private final Passage passage;
    private final List<Rule> rules = new ArrayList<>();

    OutputRules(Policy policy, List<PinholeSet> pinholes, Passage passage) {
        this.policy = policy;
        this.pinholes = pinholes;
        this.passage = passage;
    }

    BaseChain chain() {
        dockerResolverAndLoopback();
        policy.tunnels().forEach(this::tunnel);
        ownMark();
        dns();
        lan();
        inboundReplies();
        forwardedClients();
        refusedStrangers();
        for (String neighbours : Neighbours.solicitations(policy)) {
            pass("neighbours", neighbours);
        }
        rules.addAll(Rule.reject(Reason.OFF_TUNNEL_IPV6, "meta nfproto ipv6"));
        rules.addAll(Rule.reject(Reason.OFF_TUNNEL, ""));
        return new BaseChain("output", List.of(), rules);
    }

    /**
     * On loopback, but not local: what is asked there dockerd asks again from the host's namespace.
     */
    private void dockerResolverAndLoopback() {
        if (!policy.exemptions().dockerResolver()) {
            rules.addAll(Rule.reject(Reason.DOCKER_RESOLVER, "ip daddr 127.0.0.11"));
        }
        rules.add(Rule.accept("loopback", "oif \"lo\""));
    }

    /** Encrypted packets go into a tunnel only if another one's endpoint is inside it. */
    private void tunnel(TunnelLink tunnel) {
        String into = "oif " + tunnel.ifindex();
        if (policy.fwmark().isPresent()) {
            String own = into + " " + Marks.match(policy.fwmark().getAsInt());
            for (Family family : Family.both()) {
                String carried = family.endpoints("daddr", "dport", tunnel.carried());
                if (!carried.isEmpty()) {
                    rules.add(
                            Rule.accept(
                                    "carried",
                                    own + " " + carried + " " + Matches.WIREGUARD_MESSAGE));
                }
            }
            rules.add(Rule.drop(Reason.TUNNEL_LOOP, own));
        }
        rules.add(Rule.accept("tunnel", into));
    }

    /**
     * The mark alone opens nothing: whoever may set marks could use it. It takes the address, the
     * port, UDP, and the looks of a WireGuard message; to peers that call from anywhere, the port
     * that they call.
     */
    private void ownMark() {
        if (policy.fwmark().isEmpty()) {
            return;
        }
        String own = Marks.match(policy.fwmark().getAsInt()) + " ";
        for (Family family : Family.both()) {
            String endpoints = family.endpoints("daddr", "dport", policy.endpoints());
            if (!endpoints.isEmpty()) {
                pass("encrypted", own + endpoints + " " + Matches.WIREGUARD_MESSAGE);
            }
        }
        if (!policy.listenPorts().isEmpty()) {
            pass(
                    "encrypted",
                    own
                            + Matches.listening("sport", policy.listenPorts())
                            + " "
                            + Matches.WIREGUARD_MESSAGE);
        }
        for (PinholeSet pinhole : pinholes) {
            pass("pinhole", own + pinhole.match("daddr", "dport"));
        }
        rules.addAll(Rule.reject(Reason.OWN_MARK, own.strip()));
    }

    private void dns() {
        for (Family family : Family.both()) {
            String servers = family.addresses("daddr", policy.exemptions().dnsServers());
            if (!servers.isEmpty()) {
                pass("listed dns", servers + " " + Matches.dns("dport"));
            }
        }
        rules.addAll(Rule.reject(Reason.DNS, Matches.dns("dport")));
    }

    private void lan() {
        for (Family family : Family.both()) {
            String lan = family.subnets("daddr", policy.exemptions().lan());
            if (!lan.isEmpty()) {
                pass("lan", lan);
            }
        }
    }

    /** Not "established": that would also revive what was opened before the rules were there. */
    private void inboundReplies() {
        Exemptions exemptions = policy.exemptions();
        if (!exemptions.inboundPorts().isEmpty()) {
            pass(
                    "inbound replies",
                    "ct state established ct direction reply "
                            + Matches.ports("sport", exemptions.inboundPorts()));
        }
    }

    /** They are told why nothing comes back: by errors, and by resets without data. */
    private void forwardedClients() {
        for (Family family : Family.both()) {
            String clients = family.subnets("daddr", Neighbours.clients(policy));
            if (!clients.isEmpty()) {
                pass("errors for clients", clients + " " + Matches.icmpErrors(family));
                pass("resets for clients", clients + " " + Matches.reset(family));
            }
        }
    }

    /**
     * Who may not use the tunnel is told so, but by the kernel alone: what a rule answers has no
     * socket with an owner.
     */
    private void refusedStrangers() {
        for (String strangers : Neighbours.strangers(policy)) {
            rules.add(Rule.prohibit(Reason.OFF_TUNNEL, strangers + " meta skuid != 0xffffffff"));
            pass("answers to strangers", strangers);
        }
    }

    private void pass(String name, String match) {
        rules.add(Rule.accept(name, match + passage.set()));
    }
}
