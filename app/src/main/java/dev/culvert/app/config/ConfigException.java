package dev.culvert.app.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; the message has a line for each problem. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /**
     * @param problems not empty
     */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** A source with one mistake. */
    public ConfigException(String source, String reason) {
        this(List.of(new ConfigProblem(source, 0, "", reason)));
    }

    /** In the order of the source. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
