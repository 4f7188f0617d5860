package dev.culvert.app.relay;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.Origins;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.app.config.SidecarVariable;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.rules.NatRule;
import dev.culvert.app.rules.NatRules;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code FORWARD_FROM} and {@code NAT_RULES} say that does not fit the tunnels. */
final class TranslationConflicts {
    private final List<TunnelConfig> tunnels;
    private final Map<String, String> environment;
    private final List<ConfigProblem> problems = new ArrayList<>();

    TranslationConflicts(List<TunnelConfig> tunnels, Map<String, String> environment) {
        this.tunnels = tunnels;
        this.environment = environment;
    }

    /** A line each; empty: they go together. Variables that are wrong by themselves are passed. */
    List<ConfigProblem> problems() {
        try {
            NatRules.of(environment).forEach(this::rule);
        } catch (ConfigException reportedByItsReader) {
            return problems;
        }
        try {
            SidecarSettings.of(environment)
                    .exemptions()
                    .forwarding()
                    .sources()
                    .forEach(this::source);
        } catch (ConfigException reportedByItsReader) {
            return problems;
        }
        return problems;
    }

    private void rule(NatRule rule) {
        switch (rule) {
            case NatRule.PortForward forward -> {
                String name = forward.in().text();
                if (tunnels.stream().noneMatch(tunnel -> tunnel.interfaceName().equals(name))) {
                    problems.add(
                            forward.in()
                                    .problem(
                                            NatRule.SOURCE,
                                            "there is no such tunnel, there "
                                                    + (tunnels.size() == 1 ? "is " : "are ")
                                                    + String.join(
                                                            ", ",
                                                            tunnels.stream()
                                                                    .map(
                                                                            TunnelConfig
                                                                                    ::interfaceName)
                                                                    .toList())));
                }
            }
            case NatRule.Masquerade masquerade -> {
                for (TunnelConfig tunnel : tunnels) {
                    if (tunnel.interfaceName().equals(masquerade.out().text())) {
                        own(tunnel, subnet(masquerade.from()))
                                .ifPresent(clash ->
                                        problems.add(
                                                masquerade.out().problem(NatRule.SOURCE, clash)));
                    }
                }
            }
        }
    }

    private void source(Subnet source) {
        for (TunnelConfig tunnel : tunnels) {
            own(tunnel, source)
                    .ifPresent(clash ->
                            problems.add(
                                    new ConfigProblem(
                                            SidecarVariable.FORWARD_FROM.name(),
                                            0,
                                            "",
                                            clash
                                                    + (tunnels.size() == 1
                                                            ? ""
                                                            : "; clients of one tunnel go into"
                                                                    + " another by NAT_RULES"))));
        }
    }

    /** Nobody could tell its packets from those of its clients. */
    private static Optional<String> own(TunnelConfig tunnel, Subnet clients) {
        for (IpPrefix address : tunnel.local().addresses()) {
            if (clients.contains(address.address())) {
                Origins.Place place = tunnel.origins().address(address);
                return Optional.of(
                        "clients in "
                                + clients
                                + " would have "
                                + address
                                + " among them, which is the tunnel's own address ("
                                + place
                                + ")");
            }
        }
        return Optional.empty();
    }

    private static Subnet subnet(IpPrefix prefix) {
        return new Subnet(prefix.address(), prefix.length());
    }
}
