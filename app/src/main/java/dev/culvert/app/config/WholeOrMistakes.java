package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tunnels that are read one after the other: all of them, or the mistakes of all. */
final class WholeOrMistakes {
    private final List<TunnelConfig> tunnels = new ArrayList<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    /** Where one of them is. */
    @FunctionalInterface
    interface Source {
        TunnelConfig read() throws ConfigException;
    }

    /** Empty: it has mistakes, which are kept. */
    Optional<TunnelConfig> add(Source source) {
        try {
            TunnelConfig tunnel = source.read();
            tunnels.add(tunnel);
            return Optional.of(tunnel);
        } catch (ConfigException invalid) {
            add(invalid.problems());
            return Optional.empty();
        }
    }

    void add(List<ConfigProblem> mistakes) {
        problems.addAll(mistakes);
    }

    /**
     * What was read.
     *
     * @return to be closed by the caller
     * @throws ConfigException with all mistakes; then nothing is left open
     */
    List<TunnelConfig> whole() throws ConfigException {
        if (!problems.isEmpty()) {
            tunnels.forEach(TunnelConfig::close);
            throw new ConfigException(problems);
        }
        return tunnels;
    }
}
