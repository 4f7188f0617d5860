package dev.culvert.bench.endtoend;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The comparison as a table for people and as JSON for programs. */
final class Report {
    private static final String LINE = "%-38s %-7s %24s %24s %8s%n";

    private final String subject;
    private final Samples subjectSamples;
    private final String reference;
    private final Samples referenceSamples;

    Report(String subject, Samples subjectSamples, String reference, Samples referenceSamples) {
        this.subject = subject;
        this.subjectSamples = subjectSamples;
        this.reference = reference;
        this.referenceSamples = referenceSamples;
    }

    String table() {
        StringBuilder out = new StringBuilder();
        out.append(
                String.format(
                        Locale.ROOT,
                        LINE,
                        "median (min .. max)",
                        "unit",
                        subject,
                        reference,
                        "ratio"));
        for (Metric metric : Metric.values()) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            LINE,
                            metric.label(),
                            metric.unit(),
                            summary(subjectSamples, metric),
                            summary(referenceSamples, metric),
                            String.format(Locale.ROOT, "%.2f%s", ratio(metric), verdict(metric))));
        }
        out.append(
                String.format(
                        Locale.ROOT,
                        "%nratio: %s / %s of the medians; + better, - worse%n",
                        subject,
                        reference));
        return out.toString();
    }

    double ratio(Metric metric) {
        return subjectSamples.median(metric) / referenceSamples.median(metric);
    }

    private String verdict(Metric metric) {
        return ratio(metric) > 1 == metric.moreIsBetter() ? " +" : " -";
    }

    private static String summary(Samples samples, Metric metric) {
        double[] sorted = samples.of(metric);
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%.2f (%.2f .. %.2f)",
                samples.median(metric),
                sorted[0],
                sorted[sorted.length - 1]);
    }

    void writeJson(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        for (Metric metric : Metric.values()) {
            ObjectNode node = root.putObject(metric.name().toLowerCase(Locale.ROOT));
            node.put("label", metric.label());
            node.put("unit", metric.unit());
            node.put("ratio", ratio(metric));
            node.putPOJO(subject, subjectSamples.of(metric));
            node.putPOJO(reference, referenceSamples.of(metric));
        }
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, mapper.writeValueAsString(root) + System.lineSeparator());
    }
}
