package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Variables that look as if they were meant for this program and are not read by it: mistyped
 * names, and names that other programs have for the same. No mistakes, for the environment is full
 * of variables that are nobody's business here; but worth a line.
 */
public final class StrangeNames {
    private static final String OWN = "CULVERT_";

    /** More is another word. */
    private static final int MOST_EDITS = 2;

    /** Where one edit makes another word of a short name. */
    private static final int SHORTEST = 6;

    private StrangeNames() {}

    /** One line each. */
    public static List<String> notices(Map<String, String> environment) {
        Set<String> known =
                readByName()
                        .flatMap(variable -> forms(variable).stream())
                        .collect(Collectors.toSet());
        List<String> notices = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (!known.contains(name) && !hasReaderOfItsOwn(name)) {
                String notice = notice(name, environment.getOrDefault(name, ""));
                if (notice != null) {
                    notices.add(name + ": " + notice);
                }
            }
        }
        return List.copyOf(notices);
    }

    /** Kubernetes and Docker's links make such variables for a service of that name. */
    static boolean isOfAService(String name) {
        return name.matches("[A-Z0-9]+_(SERVICE|PORT)(_.*)?");
    }

    /** Those readers know which names there can be, and refuse what is near. */
    private static boolean hasReaderOfItsOwn(String name) {
        return name.startsWith(TunnelVariable.PREFIX)
                || name.startsWith(ServerVariable.SERVER_ALLOWEDIPS_PEER_.name())
                || NumberedTunnels.isPart(name);
    }

    private static Stream<Variable> readByName() {
        return Variable.all().stream().filter(variable -> !(variable instanceof NumberedVariable));
    }

    private static List<String> forms(Variable variable) {
        return variable.definition().mayBeFile()
                ? SecretVariables.forms(variable.name())
                : variable.names();
    }

    private static @Nullable String notice(String name, String value) {
        Optional<String> absent = AbsentFeature.notice(name, value);
        if (absent.isPresent()) {
            return absent.get();
        }
        if (isOfAService(name)) {
            return null;
        }
        for (Variable variable : Variable.all()) {
            for (ForeignName foreign : variable.definition().elsewhere()) {
                if (foreign.name().equals(name)) {
                    return "is a name of "
                            + foreign.program().label()
                            + " and has no effect here; there is "
                            + variable.label();
                }
            }
        }
        List<String> candidates =
                readByName().flatMap(variable -> variable.names().stream()).toList();
        String nearest =
                NearestName.of(name, candidates, name.length() < SHORTEST ? 0 : MOST_EDITS);
        if (nearest != null) {
            return "is not known; did you mean " + nearest + "?";
        }
        return name.startsWith(OWN) ? "is not known, and has no effect" : null;
    }
}
