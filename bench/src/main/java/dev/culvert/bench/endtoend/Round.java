package dev.culvert.bench.endtoend;

import java.io.IOException;

/** All that is measured of one implementation in one round, with a tunnel of its own. */
final class Round {
    /** Progress steps of {@link #measure}. */
    static final int STEPS = 10;

    /** Progress steps of {@link #measureMixed}. */
    static final int MIXED_STEPS = 2;

    /** After the first second, so that every start has settled. */
    private static final int SETTLE_MS = 3000;

    private static final int IDLE_PINGS = 200;
    private static final int FLOOD_PER_SECOND = 100_000;

    private final String label;
    private final int seconds;
    private final Progress progress;

    Round(String label, int seconds, Progress progress) {
        this.label = label;
        this.seconds = seconds;
        this.progress = progress;
    }

    private interface Measurement {
        void run() throws IOException;
    }

    void measure(Implementation implementation, Samples samples) {
        attempt(
                implementation.name() + ": start, first second",
                () -> {
                    try (TunnelPair pair = new TunnelPair(implementation, implementation)) {
                        samples.add(Metric.START, pair.startMs());
                        samples.add(Metric.FIRST_PONG, pair.firstPongMs());
                        samples.add(Metric.FIRST_SECOND, pair.firstSecondGigabits());
                        settle();
                        measure(implementation.name() + ": ", pair, samples);
                    }
                });
    }

    private void measure(String name, TunnelPair pair, Samples samples) throws IOException {
        attempt(
                name + "ping",
                () -> {
                    Ping idle = pair.ping(IDLE_PINGS);
                    samples.add(Metric.PING_P50, idle.quantile(0.5));
                    samples.add(Metric.PING_P99, idle.quantile(0.99));
                });
        attempt(
                name + "TCP, 1 stream",
                () -> {
                    TunnelPair.Transfer one = pair.tcp(seconds);
                    samples.add(Metric.TCP_1, one.gigabitsPerSecond());
                    samples.add(Metric.TCP_1_CPU, one.tunnelCpuSecondsPerGigabyte());
                    samples.add(Metric.TCP_1_CPU_ALL, one.cpuSecondsPerGigabyte());
                });
        attempt(
                name + "TCP, 4 streams",
                () -> {
                    TunnelPair.Transfer four = pair.tcp(seconds, "--parallel", "4");
                    samples.add(Metric.TCP_4, four.gigabitsPerSecond());
                    samples.add(Metric.TCP_4_CPU, four.tunnelCpuSecondsPerGigabyte());
                    samples.add(Metric.MEMORY, pair.peakResidentMib());
                });
        attempt(
                name + "TCP, reverse",
                () ->
                        samples.add(
                                Metric.TCP_REVERSE,
                                pair.tcp(seconds, "--reverse").gigabitsPerSecond()));
        attempt(
                name + "TCP over IPv6",
                () -> samples.add(Metric.TCP_IPV6, pair.tcpOverIpv6(seconds).gigabitsPerSecond()));
        attempt(
                name + "UDP, 1200 bytes",
                () -> {
                    TunnelPair.Datagrams large = pair.udp(1200, seconds);
                    samples.add(Metric.UDP_1200, large.gigabitsPerSecond());
                    samples.add(Metric.UDP_1200_LOSS, large.lostPercent());
                });
        attempt(
                name + "UDP, 64 bytes",
                () -> {
                    TunnelPair.Datagrams small = pair.udp(64, seconds);
                    samples.add(Metric.UDP_64, small.thousandsPerSecond());
                    samples.add(Metric.UDP_64_LOSS, small.lostPercent());
                });
        attempt(
                name + "ping under load",
                () -> {
                    Ping loaded = pair.pingUnderLoad(Math.max(seconds, 2));
                    samples.add(Metric.PING_LOADED_P50, loaded.quantile(0.5));
                    samples.add(Metric.PING_LOADED_P99, loaded.quantile(0.99));
                });
        flood(name, pair, samples);
    }

    /** Between transfers without a flood, since rates drift: by as much as a flood costs. */
    private void flood(String name, TunnelPair pair, Samples samples) {
        attempt(
                name + "TCP under a flood",
                () -> {
                    double calm = pair.tcp(seconds).gigabitsPerSecond();
                    double flooded = pair.tcpUnderFlood(seconds, FLOOD_PER_SECOND);
                    flooded += pair.tcpUnderFlood(seconds, FLOOD_PER_SECOND);
                    calm += pair.tcp(seconds).gigabitsPerSecond();
                    samples.add(Metric.TCP_FLOODED, flooded / 2);
                    samples.add(Metric.TCP_FLOODED_SHARE, 100 * flooded / calm);
                });
    }

    /** Each with wireguard-go at the other end: which side gains. */
    void measureMixed(Implementation culvert, Implementation wireguardGo, Samples samples) {
        mixed(culvert, wireguardGo, Metric.FROM_CULVERT, samples);
        mixed(wireguardGo, culvert, Metric.TO_CULVERT, samples);
    }

    private void mixed(
            Implementation sender, Implementation receiver, Metric metric, Samples samples) {
        attempt(
                sender.name() + " -> " + receiver.name(),
                () -> {
                    try (TunnelPair pair = new TunnelPair(sender, receiver)) {
                        settle();
                        samples.add(metric, pair.tcp(seconds).gigabitsPerSecond());
                    }
                });
    }

    private static void settle() throws IOException {
        try {
            Thread.sleep(SETTLE_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    /** What fails is missing in the report; the rest goes on. */
    private void attempt(String what, Measurement measurement) {
        progress.step(label + ", " + what);
        try {
            measurement.run();
        } catch (IOException | AssertionError failed) {
            progress.note("not measured: " + what + ": " + failed.getMessage());
        }
    }
}
