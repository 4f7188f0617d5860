package dev.culvert.killswitch.leaktest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of the leak test: one line for each user and vector, one column for each state. */
final class MatrixReport {
    private final Map<String, Map<String, String>> lines = new LinkedHashMap<>();

    void control(Identity user, Vector vector, Attempt.Outcome outcome) {
        line(user, vector).put("off", outcome == Attempt.Outcome.SENT ? "seen" : "-");
    }

    void result(String state, Identity user, Vector vector, boolean tried, boolean leaked) {
        // The states come twice, with and without exemptions: the worse of the two counts.
        line(user, vector)
                .merge(
                        state,
                        !tried ? "-" : leaked ? "FAIL" : "pass",
                        (before, now) -> before.equals("FAIL") ? before : now);
    }

    private Map<String, String> line(Identity user, Vector vector) {
        String name = user.name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + vector;
        return lines.computeIfAbsent(name, _ -> new LinkedHashMap<>());
    }

    void write(Path file) throws IOException {
        List<String> table = new ArrayList<>();
        lines.values().stream()
                .findFirst()
                .ifPresent(first -> table.add(row("vector", first.keySet())));
        lines.forEach((name, results) -> table.add(row(name, results.values())));
        Files.write(file, table);
    }

    private static String row(String name, Iterable<String> cells) {
        StringBuilder row = new StringBuilder(String.format("%-46s", name));
        cells.forEach(cell -> row.append(String.format("%-12s", cell)));
        return row.toString().stripTrailing();
    }
}
