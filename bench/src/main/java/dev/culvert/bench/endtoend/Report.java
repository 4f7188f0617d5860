package dev.culvert.bench.endtoend;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The comparison as a table for people and as JSON for programs. */
final class Report {
    private final Implementation reference;
    private final List<Implementation> subjects;
    private final Map<String, Samples> samples = new LinkedHashMap<>();

    Report(Implementation reference, List<Implementation> subjects) {
        this.reference = reference;
        this.subjects = List.copyOf(subjects);
        samples.put(reference.name(), new Samples());
        for (Implementation subject : subjects) {
            samples.put(subject.name(), new Samples());
        }
    }

    List<Implementation> subjects() {
        return subjects;
    }

    Samples samples(Implementation implementation) {
        Samples found = samples.get(implementation.name());
        if (found == null) {
            throw new IllegalArgumentException("not compared: " + implementation);
        }
        return found;
    }

    /** What the figure is held against: a mixed pair against wireguard-go on both ends. */
    private Metric referenceOf(Metric metric) {
        return switch (metric) {
            case FROM_CULVERT, TO_CULVERT -> Metric.TCP_1;
            default -> metric;
        };
    }

    /** NaN where one of both was not measured. */
    double ratio(Implementation subject, Metric metric) {
        return samples(subject).median(metric) / samples(reference).median(referenceOf(metric));
    }

    String table() {
        Formatter out = new Formatter(Locale.ROOT);
        out.format("%-38s %-6s %24s", "median (min .. max)", "unit", reference.name());
        for (Implementation subject : subjects) {
            out.format("  %24s %5s %-6s", subject.name(), "ratio", "target");
        }
        out.format("%n");
        for (Metric metric : Metric.values()) {
            out.format(
                    "%-38s %-6s %24s",
                    metric.label(),
                    metric.unit(),
                    summary(samples(reference), referenceOf(metric)));
            for (Implementation subject : subjects) {
                out.format(
                        "  %24s %5s %-6s",
                        summary(samples(subject), metric),
                        number(ratio(subject, metric)),
                        verdict(subject, metric));
            }
            out.format("%n");
        }
        return out.format("%n%s", legend()).toString();
    }

    /** The same for the documentation. */
    String markdown() {
        Formatter out = new Formatter(Locale.ROOT);
        StringBuilder line = new StringBuilder("|---|---|---|");
        out.format("| median (min .. max) | unit | %s |", reference.name());
        for (Implementation subject : subjects) {
            out.format(" %s | ratio | target |", subject.name());
            line.append("---|---|---|");
        }
        out.format("%n%s%n", line);
        for (Metric metric : Metric.values()) {
            out.format(
                    "| %s | %s | %s |",
                    metric.label(),
                    metric.unit(),
                    summary(samples(reference), referenceOf(metric)));
            for (Implementation subject : subjects) {
                out.format(
                        " %s | %s | %s |",
                        summary(samples(subject), metric),
                        number(ratio(subject, metric)),
                        verdict(subject, metric));
            }
            out.format("%n");
        }
        return out.format("%n%s", legend()).toString();
    }

    private String legend() {
        return "ratio: of the medians, culvert / wireguard-go; target: wanted, must (reached, but"
                + " not what is wanted), missed\n";
    }

    private String verdict(Implementation subject, Metric metric) {
        double ratio = ratio(subject, metric);
        Target target = Target.of(metric);
        return target == null || Double.isNaN(ratio)
                ? ""
                : target.verdict(samples(subject).median(metric), ratio, metric.moreIsBetter());
    }

    private static String summary(Samples samples, Metric metric) {
        double[] sorted = samples.of(metric);
        if (sorted.length == 0) {
            return "not measured";
        }
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%s (%s .. %s)",
                number(samples.median(metric)),
                number(sorted[0]),
                number(sorted[sorted.length - 1]));
    }

    /** Three digits that count. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    void writeJson(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        for (Metric metric : Metric.values()) {
            ObjectNode node = root.putObject(metric.name().toLowerCase(Locale.ROOT));
            node.put("label", metric.label());
            node.put("unit", metric.unit());
            node.putPOJO(reference.name(), samples(reference).of(referenceOf(metric)));
            for (Implementation subject : subjects) {
                ObjectNode of = node.putObject(subject.name());
                of.putPOJO("samples", samples(subject).of(metric));
                double ratio = ratio(subject, metric);
                if (!Double.isNaN(ratio)) {
                    of.put("ratio", ratio);
                    of.put("target", verdict(subject, metric));
                }
            }
        }
        Files.writeString(file, mapper.writeValueAsString(root) + System.lineSeparator());
    }
}
