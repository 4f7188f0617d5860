package dev.culvert.app.relay;

import dev.culvert.app.config.Alternatives;
import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.rules.RouteRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What keeps another configuration of a tunnel from going together with the rest. Said from the
 * start: it may be needed when nobody looks.
 */
final class AlternativeConflicts {
    private final List<TunnelConfig> tunnels;
    private final List<RouteRule> rules;
    private final Map<String, String> environment;
    private final ConfigLoader loader;

    AlternativeConflicts(
            Path root,
            Map<String, String> environment,
            List<TunnelConfig> tunnels,
            List<RouteRule> rules) {
        this.tunnels = tunnels;
        this.rules = rules;
        this.environment = environment;
        loader = new ConfigLoader(root, environment);
    }

    /**
     * A line each; empty: whichever is gone over to goes together with the others as they are.
     *
     * @param known with the present ones: not said again
     */
    List<ConfigProblem> problems(List<ConfigProblem> known) throws ConfigException {
        List<ConfigProblem> problems = new ArrayList<>();
        for (TunnelConfig present : tunnels) {
            for (Path file : Alternatives.after(present.source(), present.interfaceName())) {
                try (TunnelConfig other = loader.alternative(file, present.interfaceName())) {
                    RelayConfig.conflicts(instead(present, other), rules, environment).stream()
                            .filter(problem ->
                                    !known.contains(problem) && !problems.contains(problem))
                            .forEach(problems::add);
                }
            }
        }
        return problems;
    }

    /** At the end, so that the lines that clash are its own. */
    private List<TunnelConfig> instead(TunnelConfig present, TunnelConfig other) {
        List<TunnelConfig> all = new ArrayList<>(tunnels);
        all.remove(present);
        all.add(other);
        return all;
    }
}
