package dev.culvert.app.relay;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.rules.RouteRule;
import dev.culvert.app.server.TunnelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All tunnels of the process and the rules between them.
 *
 * @param tunnels at least one, each with a name of its own
 */
public record RelayConfig(List<TunnelConfig> tunnels, List<RouteRule> rules)
        implements AutoCloseable {

    /**
     * Reads all of it.
     *
     * @param root {@code /}
     * @param arguments of the command line; none: where configurations are looked for
     * @throws ConfigException with all mistakes
     */
    public static RelayConfig load(
            Path root, Map<String, String> environment, List<String> arguments)
            throws ConfigException {
        List<TunnelConfig> tunnels = TunnelSource.load(root, environment, arguments);
        boolean whole = false;
        try {
            List<String> links = tunnels.stream().map(TunnelConfig::interfaceName).toList();
            List<ConfigProblem> problems = new ArrayList<>();
            List<RouteRule> rules = List.of();
            try {
                rules = RouteRule.parse(environment.getOrDefault(RouteRule.SOURCE, ""), links);
            } catch (ConfigException invalid) {
                problems.addAll(invalid.problems());
            }
            problems.addAll(conflicts(tunnels, rules, environment));
            problems.addAll(
                    new AlternativeConflicts(root, environment, tunnels, rules).problems(problems));
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            whole = true;
            return new RelayConfig(List.copyOf(tunnels), rules);
        } finally {
            if (!whole) {
                tunnels.forEach(TunnelConfig::close);
            }
        }
    }

    /**
     * What keeps these tunnels from going together, or with {@code FORWARD_FROM} and {@code
     * NAT_RULES}, a line each; their secrets are not asked for.
     */
    public static List<ConfigProblem> conflicts(
            List<TunnelConfig> tunnels, List<RouteRule> rules, Map<String, String> environment) {
        List<ConfigProblem> problems = new ArrayList<>();
        problems.addAll(new TunnelConflicts(tunnels, rules).problems());
        problems.addAll(new TranslationConflicts(tunnels, environment).problems());
        return problems;
    }

    /** Whether resolv.conf is this tunnel's: there is one, and the first with servers has it. */
    boolean namesServers(TunnelConfig tunnel) {
        TunnelConfig first =
                tunnels.stream()
                        .filter(each -> !each.local().dns().isEmpty())
                        .findFirst()
                        .orElse(tunnels.getFirst());
        return first.interfaceName().equals(tunnel.interfaceName());
    }

    /** Zeroes the secrets. */
    @Override
    public void close() {
        tunnels.forEach(TunnelConfig::close);
    }
}
