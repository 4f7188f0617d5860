package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * An environment variable that the program knows. Here is the one place where names, defaults and
 * meanings stand: what reads a variable asks here for its name and its default, and the manual
 * (docs/configuration.md, docs/server.md) is printed from here.
 */
public sealed interface Variable
        permits EngineVariable,
                MonitoringVariable,
                NumberedVariable,
                ServerVariable,
                SidecarVariable,
                TunnelVariable {
    /** As it stands in the environment, or a part of that where {@link #label} has more. */
    String name();

    /** What it is. */
    Definition definition();

    /** The name in the manual and in messages; a part that the user chooses is a small letter. */
    default String label() {
        return name();
    }

    /** Whether it has a value. */
    default boolean isIn(Map<String, String> environment) {
        return !environment.getOrDefault(name(), "").isBlank();
    }

    /** Its value without blanks around it, else its default. */
    default String in(Map<String, String> environment) {
        return isIn(environment)
                ? environment.getOrDefault(name(), "").strip()
                : definition().absent();
    }

    /**
     * The one of its choices that it is set to, else its default.
     *
     * @throws InvalidValueException it is set to something else
     */
    default String choice(Map<String, String> environment) throws InvalidValueException {
        return isIn(environment) ? definition().choice(in(environment)) : definition().absent();
    }

    /** Whether a flag is set; one that is wrong is not. */
    default boolean isOn(Map<String, String> environment) {
        try {
            return choice(environment).equals("true");
        } catch (InvalidValueException reportedByItsReader) {
            return false;
        }
    }

    /** Those that are set to none of their choices, one mistake each. */
    static List<ConfigProblem> mistakes(Variable[] variables, Map<String, String> environment) {
        List<ConfigProblem> mistakes = new ArrayList<>();
        for (Variable variable : variables) {
            if (!variable.definition().choices().isEmpty()) {
                try {
                    variable.choice(environment);
                } catch (InvalidValueException invalid) {
                    mistakes.add(new ConfigProblem(variable.name(), 0, "", invalid.reason()));
                }
            }
        }
        return mistakes;
    }

    /** Its name and its other names. */
    default List<String> names() {
        List<String> names = new ArrayList<>(List.of(name()));
        names.addAll(definition().aliases());
        return List.copyOf(names);
    }

    /** All there are. */
    static List<Variable> all() {
        List<Variable> all = new ArrayList<>();
        all.addAll(Arrays.asList(TunnelVariable.values()));
        all.addAll(Arrays.asList(NumberedVariable.values()));
        all.addAll(Arrays.asList(ServerVariable.values()));
        all.addAll(Arrays.asList(SidecarVariable.values()));
        all.addAll(Arrays.asList(MonitoringVariable.values()));
        all.addAll(Arrays.asList(EngineVariable.values()));
        return List.copyOf(all);
    }
}
