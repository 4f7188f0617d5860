package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Endpoint;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Forwarding;
import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Pinhole;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.Uplink;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the kernel asks for the link-layer addresses of those that it may send to: ARP, and neighbour
 * discovery (RFC 4861). Questions and answers can carry a few bytes to the uplink's own network, so
 * only the ones that are needed pass: for gateways and allowed hosts, from the uplink's own
 * addresses, no longer than they have to be, and none at all for a family in which nothing is
 * allowed.
 */
final class Neighbours {
    /** The ICMPv6 message (24 bytes) and options for one link-layer address and a nonce. */
    private static final int SOLICITATION_BYTES = 40;

    private static final int ROUTER_SOLICITATION_BYTES = 24;

    /** Ethernet header and ARP packet (RFC 826). */
    private static final int ARP_FRAME_BYTES = 42;

    /** Where the target stands behind the ICMPv6 header, in bits. */
    private static final String TARGET = "@th,64,128";

    private static final String OWN_SOLICITED_NODE = "ff02::1:ff00:0/104";

    private Neighbours() {}

    /** Whether anything is allowed at the uplinks in this family. */
    static boolean needs(Policy policy, Family family) {
        return !hosts(policy, family).isEmpty()
                || (policy.isCalledByStrangers()
                        && policy.uplinks().stream()
                                .flatMap(uplink -> uplink.addresses().stream())
                                .anyMatch(own -> family.fits(own.address())));
    }

    /** One match for each kind of neighbour discovery message that may be sent. */
    static List<String> solicitations(Policy policy) {
        List<String> matches = new ArrayList<>();
        for (Uplink uplink : policy.uplinks()) {
            List<Subnet> targets = targets(policy, uplink, Family.IPV6);
            if (targets.isEmpty()) {
                continue;
            }
            String sent = "oif " + uplink.ifindex() + " icmpv6 type ";
            String local = " ip6 hoplimit 255 ip6 length <= ";
            String known = targets.stream().map(Subnet::toString).collect(Collectors.joining(", "));
            for (Subnet target : targets) {
                matches.add(
                        sent
                                + "nd-neighbor-solicit"
                                + local
                                + SOLICITATION_BYTES
                                + " ip6 daddr { "
                                + OWN_SOLICITED_NODE
                                + ", "
                                + known
                                + " } "
                                + targetWithin(target));
            }
            for (LinkAddress own : ownAddresses(uplink, Family.IPV6)) {
                matches.add(
                        sent
                                + "nd-neighbor-advert"
                                + local
                                + SOLICITATION_BYTES
                                + " ip6 daddr { ff02::1, "
                                + linkLocalAnd(targets)
                                + " } "
                                + targetWithin(Subnet.of(own.address())));
            }
            matches.add(
                    sent
                            + "nd-router-solicit"
                            + local
                            + ROUTER_SOLICITATION_BYTES
                            + " ip6 daddr ff02::2");
        }
        return matches;
    }

    /** What may come in; empty if IPv6 is not needed. */
    static String advertisements(Policy policy) {
        return needs(policy, Family.IPV6)
                ? "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert }"
                        + " ip6 hoplimit 255"
                : "";
    }

    /** ARP questions and answers; the tunnel's addresses are not among the own ones. */
    static List<String> arp(Policy policy) {
        List<String> matches = new ArrayList<>();
        for (Uplink uplink : policy.uplinks()) {
            List<Subnet> targets = targets(policy, uplink, Family.IPV4);
            List<LinkAddress> own = ownAddresses(uplink, Family.IPV4);
            if (!targets.isEmpty() && !own.isEmpty()) {
                matches.add(
                        "oif "
                                + uplink.ifindex()
                                + " meta length <= "
                                + ARP_FRAME_BYTES
                                + " arp operation { request, reply } arp saddr ip { "
                                + own.stream()
                                        .map(address -> address.address().getHostAddress())
                                        .distinct()
                                        .collect(Collectors.joining(", "))
                                + " } arp daddr ip { "
                                + targets.stream()
                                        .map(Subnet::toString)
                                        .collect(Collectors.joining(", "))
                                + " }");
            }
        }
        return matches;
    }

    /**
     * What hosts on the uplinks' own networks are told that may not use the tunnel, where others
     * may; two matches for each uplink and family.
     */
    static List<String> strangers(Policy policy) {
        List<String> matches = new ArrayList<>();
        for (Uplink uplink : policy.uplinks()) {
            for (Family family : Family.both()) {
                String networks =
                        family.subnets(
                                "daddr",
                                ownAddresses(uplink, family).stream()
                                        .map(LinkAddress::subnet)
                                        .toList());
                if (!networks.isEmpty() && forwards(policy, family)) {
                    String there = "oif " + uplink.ifindex() + " " + networks + " ";
                    matches.add(there + Matches.prohibited(family));
                    matches.add(there + Matches.refusal(family));
                }
            }
        }
        return matches;
    }

    private static boolean forwards(Policy policy, Family family) {
        return clients(policy).stream().anyMatch(client -> family.fits(client.network()));
    }

    /** The neighbours on an uplink that may be asked for; none in a family without use. */
    private static List<Subnet> targets(Policy policy, Uplink uplink, Family family) {
        boolean bridge = policy.exemptions().forwarding().isBridge(uplink.name());
        if (!bridge && !needs(policy, family)) {
            return List.of();
        }
        List<Subnet> targets = new ArrayList<>(hosts(policy, family));
        List<Subnet> gateways =
                uplink.gateways().stream().filter(family::fits).map(Subnet::of).toList();
        targets.addAll(gateways);
        if (bridge
                || gateways.isEmpty()
                || policy.isCalledByStrangers()
                || forwards(policy, family)) {
            ownAddresses(uplink, family).forEach(own -> targets.add(own.subnet()));
        }
        return Family.withoutParts(targets).toList();
    }

    /**
     * Whom the policy allows, but for those who call from anywhere. Those beyond the gateways
     * cannot be neighbours, but then no one asks for them.
     */
    static List<Subnet> hosts(Policy policy, Family family) {
        Exemptions exemptions = policy.exemptions();
        List<Subnet> hosts = new ArrayList<>(exemptions.lan());
        hosts.addAll(forwardedTo(policy));
        List<InetAddress> addresses = new ArrayList<>(exemptions.dnsServers());
        policy.endpoints().stream()
                .map(Endpoint::address)
                .sorted(Neighbours::compare)
                .forEach(addresses::add);
        policy.pinhole().stream()
                .flatMap(open -> open.targets().stream())
                .map(Pinhole.Target::address)
                .forEach(addresses::add);
        addresses.forEach(address -> hosts.add(Subnet.of(address)));
        return hosts.stream().filter(subnet -> family.fits(subnet.network())).distinct().toList();
    }

    /** Clients, and who is called by port forwards. */
    static List<Subnet> forwardedTo(Policy policy) {
        List<Subnet> hosts = new ArrayList<>(clients(policy));
        policy.exemptions()
                .forwarding()
                .targets()
                .forEach(target -> hosts.add(Subnet.of(target.address())));
        return hosts;
    }

    /** Who may use the tunnel. */
    static List<Subnet> clients(Policy policy) {
        Forwarding forwarding = policy.exemptions().forwarding();
        return Stream.concat(
                        forwarding.sources().stream(),
                        policy.tunnels().stream()
                                .flatMap(tunnel -> forwarding.sourcesOf(tunnel.name()).stream()))
                .distinct()
                .toList();
    }

    private static int compare(InetAddress a, InetAddress b) {
        return Arrays.compareUnsigned(a.getAddress(), b.getAddress());
    }

    private static List<LinkAddress> ownAddresses(Uplink uplink, Family family) {
        return uplink.addresses().stream().filter(own -> family.fits(own.address())).toList();
    }

    private static String linkLocalAnd(List<Subnet> targets) {
        List<Subnet> all = new ArrayList<>(targets);
        all.add(Subnet.parse("fe80::/10"));
        return Family.withoutParts(all).map(Subnet::toString).collect(Collectors.joining(", "));
    }

    private static String targetWithin(Subnet subnet) {
        String network = hex(subnet.network().getAddress());
        if (subnet.prefixLength() == 128) {
            return TARGET + " " + network;
        }
        byte[] mask = new byte[16];
        for (int bit = 0; bit < subnet.prefixLength(); bit++) {
            mask[bit >> 3] |= (byte) (0x80 >> (bit & 7));
        }
        return TARGET + " & " + hex(mask) + " == " + network;
    }

    private static String hex(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
