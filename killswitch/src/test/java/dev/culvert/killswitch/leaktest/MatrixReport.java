package dev.culvert.killswitch.leaktest;

import java.io.PrintStream;
import java.util.LinkedHashMap;
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

    void print(PrintStream out) {
        StringBuilder table = new StringBuilder();
        String format = "%-46s%s%n";
        lines.values().stream()
                .findFirst()
                .ifPresent(first ->
                        table.append(String.format(format, "vector", columns(first.keySet()))));
        lines.forEach((name, results) ->
                table.append(String.format(format, name, columns(results.values()))));
        out.print(table);
    }

    private static String columns(Iterable<String> cells) {
        StringBuilder columns = new StringBuilder();
        cells.forEach(cell -> columns.append(String.format("%-12s", cell)));
        return columns.toString();
    }
}
