package dev.culvert.bench.endtoend;

import org.jspecify.annotations.Nullable;

/**
 * What a figure has to reach: as a ratio to wireguard-go in the same run, as a value, or both.
 *
 * @param ratioMust what must be reached; NaN: any
 * @param ratioWanted what is hoped for
 * @param valueMust in the metric's unit; NaN: any
 * @param valueWanted in the metric's unit
 */
record Target(double ratioMust, double ratioWanted, double valueMust, double valueWanted) {
    /** The project's target for a metric; null: there is none. */
    static @Nullable Target of(Metric metric) {
        return switch (metric) {
            case TCP_1, TCP_4, TCP_REVERSE -> ratio(1.6, 2.2);
            case TCP_1_CPU, TCP_4_CPU -> ratio(0.6, 0.42);
            case UDP_1200 -> ratio(1.4, 2.0);
            case UDP_64 -> ratio(1.3, 1.8);
            case PING_P50 -> ratio(0.9, 0.6);
            case PING_LOADED_P50 -> ratio(0.5, 0.2);
            case MEMORY -> new Target(0.25, 0.25, 160, 96);
            case START -> new Target(Double.NaN, Double.NaN, 500, 250);
            case FIRST_SECOND -> ratio(1, 1);
            case FROM_CULVERT, TO_CULVERT -> ratio(1.1, 1.3);
            default -> null;
        };
    }

    private static Target ratio(double must, double wanted) {
        return new Target(must, wanted, Double.NaN, Double.NaN);
    }

    /** "wanted", "must" (reached, but not what is wanted) or "missed". */
    String verdict(double value, double ratio, boolean moreIsBetter) {
        if (reached(ratio, ratioWanted, moreIsBetter)
                && reached(value, valueWanted, moreIsBetter)) {
            return "wanted";
        }
        return reached(ratio, ratioMust, moreIsBetter) && reached(value, valueMust, moreIsBetter)
                ? "must"
                : "missed";
    }

    private static boolean reached(double figure, double limit, boolean moreIsBetter) {
        return Double.isNaN(limit) || (moreIsBetter ? figure >= limit : figure <= limit);
    }
}
