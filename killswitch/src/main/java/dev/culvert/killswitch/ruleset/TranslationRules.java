package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Forwarding;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the kernel translates: DNS of forwarded clients, before it is routed, and what leaves by the
 * uplink of a bridge. All else is translated in the tunnel. Without these chains nothing more
 * passes, so nothing checks that they stay.
 */
final class TranslationRules {
    private final Forwarding forwarding;
    private final Set<String> tunnelNames;
    private final List<Subnet> clients;

    TranslationRules(Policy policy) {
        forwarding = policy.exemptions().forwarding();
        tunnelNames = policy.tunnels().stream().map(TunnelLink::name).collect(Collectors.toSet());
        clients = Neighbours.clients(policy);
    }

    /** As text, one chain each. */
    List<String> chains() {
        List<String> chains = new ArrayList<>();
        List<String> dns = forwarding.dns().map(this::dns).orElse(List.of());
        if (!dns.isEmpty()) {
            chains.add(chain("prerouting", "dstnat", dns));
        }
        List<String> bridges =
                forwarding.bridges().stream()
                        .filter(bridge -> !tunnelNames.contains(bridge.linkName()))
                        .map(bridge ->
                                Family.of(bridge.from().network())
                                                .subnets("saddr", List.of(bridge.from()))
                                        + " oifname \""
                                        + bridge.linkName()
                                        + "\" masquerade")
                        .toList();
        if (!bridges.isEmpty()) {
            chains.add(chain("postrouting", "srcnat", bridges));
        }
        return chains;
    }

    private List<String> dns(Forwarding.Dns dns) {
        Family family = Family.of(dns.server());
        String from = family.subnets("saddr", clients);
        if (from.isEmpty()) {
            return List.of();
        }
        return List.of(
                from
                        + (dns.all() ? "" : " fib daddr type local")
                        + " meta l4proto { tcp, udp } th dport 53 dnat "
                        + family.keyword()
                        + " to "
                        + dns.server().getHostAddress());
    }

    private static String chain(String hook, String priority, List<String> rules) {
        StringBuilder text = new StringBuilder();
        text.append("    chain ").append(hook).append(" {\n        type nat hook ").append(hook);
        text.append(" priority ").append(priority).append("; policy accept;\n");
        rules.forEach(rule -> text.append("        ").append(rule).append('\n'));
        return text.append("    }\n").toString();
    }
}
