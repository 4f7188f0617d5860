package dev.culvert.bench.endtoend;

/** What is measured, in the order of the report. */
enum Metric {
    TCP_1("TCP, 1 stream", "Gbit/s", true),
    TCP_4("TCP, 4 streams", "Gbit/s", true),
    TCP_REVERSE("TCP, 1 stream, reverse", "Gbit/s", true),
    TCP_IPV6("TCP over IPv6, 1 stream", "Gbit/s", true),
    TCP_1_CPU("CPU of both ends, 1 stream", "s/GB", false),
    TCP_4_CPU("CPU of both ends, 4 streams", "s/GB", false),
    TCP_1_CPU_ALL("the same with iperf3, 1 stream", "s/GB", false),
    UDP_1200("UDP, 1200 bytes, received", "Gbit/s", true),
    UDP_1200_LOSS("UDP, 1200 bytes, lost", "%", false),
    UDP_64("UDP, 64 bytes, received", "kpkt/s", true),
    UDP_64_LOSS("UDP, 64 bytes, lost", "%", false),
    PING_P50("ping p50, idle", "ms", false),
    PING_P99("ping p99, idle", "ms", false),
    PING_LOADED_P50("ping p50, under TCP load", "ms", false),
    PING_LOADED_P99("ping p99, under TCP load", "ms", false),
    TCP_FLOODED("TCP, 1 stream, 100,000 forged initiations/s", "Gbit/s", true),
    TCP_FLOODED_SHARE("the same, of that without", "%", true),
    MEMORY("peak resident memory, larger end", "MiB", false),
    START("exec to listening UAPI socket", "ms", false),
    FIRST_PONG("wg set to first pong", "ms", false),
    FIRST_SECOND("TCP, first second after the start", "Gbit/s", true),
    FROM_CULVERT("TCP, sent by culvert to wireguard-go", "Gbit/s", true),
    TO_CULVERT("TCP, sent by wireguard-go to culvert", "Gbit/s", true);

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
