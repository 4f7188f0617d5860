package dev.culvert.bench.endtoend;

/** What is measured, in the order of the report. */
enum Metric {
    TCP_1("TCP 1 stream", "Gbit/s", true),
    TCP_4("TCP 4 streams", "Gbit/s", true),
    TCP_REVERSE("TCP 1 stream, reverse", "Gbit/s", true),
    TCP_1_CPU("CPU, both processes, 1 stream", "s/GB", false),
    TCP_4_CPU("CPU, both processes, 4 streams", "s/GB", false),
    PING_IDLE("ping p50, idle", "ms", false),
    MEMORY("peak resident memory, larger process", "MiB", false),
    START("exec to listening UAPI socket", "ms", false);

    private final String label;
    private final String unit;
    private final boolean moreIsBetter;

    Metric(String label, String unit, boolean moreIsBetter) {
        this.label = label;
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }
}
