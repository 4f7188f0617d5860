package dev.culvert.bench.endtoend;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The samples of one implementation, by metric, at most one per round. */
final class Samples {
    private final Map<Metric, double[]> byMetric = new EnumMap<>(Metric.class);

    void add(Metric metric, double value) {
        double[] before = byMetric.getOrDefault(metric, new double[0]);
        double[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = value;
        byMetric.put(metric, after);
    }

    /** In the order of the rounds; empty when it was not measured. */
    double[] of(Metric metric) {
        return byMetric.getOrDefault(metric, new double[0]).clone();
    }

    /** NaN when it was not measured. */
    double median(Metric metric) {
        double[] sorted = of(metric);
        if (sorted.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
