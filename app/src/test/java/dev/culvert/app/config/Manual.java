package dev.culvert.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tables of the manual, printed from {@link Variable} and {@link WgQuickKey}. In a page they
 * stand between {@code <!-- printed: NAME -->} and {@code <!-- end -->}; what is around them is
 * written by hand.
 */
final class Manual {
    private static final Pattern PRINTED =
            Pattern.compile("(<!-- printed: ([a-z ]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

    private static final Map<String, String> TABLES =
            new TreeMap<>(
                    Map.of(
                            "keys", keys(),
                            "tunnel", variables(TunnelVariable.values()),
                            "several tunnels", variables(NumberedVariable.values()),
                            "server", variables(ServerVariable.values()),
                            "sidecar", variables(SidecarVariable.values()),
                            "monitoring", variables(MonitoringVariable.values()),
                            "engine", variables(EngineVariable.values()),
                            "other names", otherNames()));

    /** The pages that have tables. */
    static final List<String> PAGES = List.of("docs/configuration.md", "docs/server.md");

    private Manual() {}

    /** The page with its tables as they should be. */
    static String printed(String page) {
        return PRINTED.matcher(page)
                .replaceAll(at ->
                        Matcher.quoteReplacement(at.group(1) + table(at.group(2)) + at.group(3)));
    }

    /** The tables that a page has. */
    static List<String> tables(String page) {
        return PRINTED.matcher(page).results().map(at -> at.group(2)).toList();
    }

    static List<String> allTables() {
        return List.copyOf(TABLES.keySet());
    }

    private static String table(String name) {
        String table = TABLES.get(name);
        if (table == null) {
            throw new IllegalArgumentException(
                    "there is no table " + name + ", there are " + allTables());
        }
        return table;
    }

    static void write(Path repository) throws IOException {
        for (String page : PAGES) {
            Path file = repository.resolve(page);
            Files.writeString(file, printed(Files.readString(file)));
        }
    }

    private static String keys() {
        StringBuilder text = new StringBuilder("| key | values | meaning |\n|---|---|---|\n");
        for (WgQuickKey.Section section : WgQuickKey.Section.values()) {
            row(
                    text,
                    "`" + section.header + "`",
                    "",
                    section == WgQuickKey.Section.PEER ? "once for each peer" : "once");
            for (WgQuickKey key : WgQuickKey.values()) {
                if (key.section == section) {
                    row(
                            text,
                            "`" + key.label + "`",
                            key.values,
                            key.meaning + (key.repeatable ? "; several lines add up" : ""));
                }
            }
        }
        return text.toString();
    }

    private static String variables(Variable... variables) {
        StringBuilder text =
                new StringBuilder("| variable | values | default | meaning |\n|---|---|---|---|\n");
        for (Variable variable : variables) {
            Definition definition = variable.definition();
            String meaning = definition.meaning();
            if (!definition.aliases().isEmpty()) {
                meaning += ". Also " + names(definition.aliases());
            }
            row(
                    text,
                    "`" + variable.label() + "`",
                    definition.values(),
                    code(definition.absent()),
                    meaning);
        }
        return text.toString();
    }

    private static String otherNames() {
        StringBuilder text = new StringBuilder("| there | its name | here |\n|---|---|---|\n");
        record Line(ForeignName foreign, Variable variable) {}
        List<Line> lines = new ArrayList<>();
        for (Variable variable : Variable.all()) {
            definition(variable).forEach(foreign -> lines.add(new Line(foreign, variable)));
        }
        lines.sort(
                Comparator.comparing((Line line) -> line.foreign().program())
                        .thenComparing(line -> line.foreign().name()));
        for (Line line : lines) {
            row(
                    text,
                    line.foreign().program().label(),
                    code(line.foreign().name()),
                    code(line.variable().label()));
        }
        return text.toString();
    }

    private static List<ForeignName> definition(Variable variable) {
        return variable.definition().elsewhere();
    }

    private static String names(List<String> names) {
        return names.stream().map(Manual::code).collect(Collectors.joining(", "));
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static void row(StringBuilder text, String... cells) {
        text.append("| ")
                .append(
                        Arrays.stream(cells)
                                .map(cell -> cell.replace("|", "\\|"))
                                .collect(Collectors.joining(" | ")))
                .append(" |\n");
    }
}
