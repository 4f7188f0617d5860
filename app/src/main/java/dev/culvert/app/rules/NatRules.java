package dev.culvert.app.rules;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.SidecarSettings;
import dev.culvert.killswitch.policy.Forwarding;
import dev.culvert.killswitch.policy.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sidecar's settings with what {@code NAT_RULES} adds to them. */
public final class NatRules {
    private NatRules() {}

    /** Reads the environment, and reports all that is wrong. */
    public static SidecarSettings settings(Map<String, String> environment) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        List<NatRule> rules = List.of();
        SidecarSettings settings = SidecarSettings.STRICTEST;
        try {
            settings = SidecarSettings.of(environment);
        } catch (ConfigException invalid) {
            problems.addAll(invalid.problems());
        }
        try {
            rules = of(environment);
        } catch (ConfigException invalid) {
            problems.addAll(invalid.problems());
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return settings.with(targets(rules), bridges(rules));
    }

    /** The rules alone. */
    public static List<NatRule> of(Map<String, String> environment) throws ConfigException {
        return NatRule.parse(environment.getOrDefault(NatRule.SOURCE, ""));
    }

    private static List<Forwarding.Target> targets(List<NatRule> rules) {
        List<Forwarding.Target> targets = new ArrayList<>();
        for (NatRule rule : rules) {
            if (rule instanceof NatRule.PortForward forward) {
                targets.add(
                        new Forwarding.Target(
                                forward.in().text(),
                                forward.protocol(),
                                forward.port(),
                                forward.target(),
                                forward.targetPort()));
            }
        }
        return targets;
    }

    private static List<Forwarding.Bridge> bridges(List<NatRule> rules) {
        List<Forwarding.Bridge> bridges = new ArrayList<>();
        for (NatRule rule : rules) {
            if (rule instanceof NatRule.Masquerade masquerade) {
                bridges.add(
                        new Forwarding.Bridge(
                                Subnet.parse(masquerade.from().toString()),
                                masquerade.out().text()));
            }
        }
        return bridges;
    }
}
