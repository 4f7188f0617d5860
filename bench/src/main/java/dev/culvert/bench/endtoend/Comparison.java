package dev.culvert.bench.endtoend;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares culvert with wireguard-go, or its I/O engines with each other, in turn, round by round.
 * Arguments: the launcher of culvert, the number of rounds, the seconds of each transfer, and the
 * file for the JSON; then {@code wireguard-go}, or {@code engines} to compare io_uring with system
 * calls, each after a transfer that is not counted: two engines of one program differ by less than
 * its warming up.
 */
public final class Comparison {
    private final Implementation subject;
    private final Implementation reference;
    private final int seconds;
    private final boolean warmUp;
    private final PrintStream progress;
    private final Samples subjectSamples = new Samples();
    private final Samples referenceSamples = new Samples();

    private Comparison(
            Implementation subject,
            Implementation reference,
            int seconds,
            boolean warmUp,
            PrintStream progress) {
        this.subject = subject;
        this.reference = reference;
        this.seconds = seconds;
        this.warmUp = warmUp;
        this.progress = progress;
    }

    /** Runs the comparison and prints its table; the progress goes to standard error. */
    public static void main(String[] arguments) throws IOException {
        boolean engines = arguments.length == 5 && arguments[4].equals("engines");
        if (!engines && (arguments.length != 5 || !arguments[4].equals("wireguard-go"))) {
            System.err.println(
                    "usage: Comparison LAUNCHER ROUNDS SECONDS JSON-FILE wireguard-go|engines");
            System.exit(2);
        }
        List<String> culvert = List.of(arguments[0], "-f");
        Implementation subject =
                engines
                        ? new Implementation("io_uring", culvert, List.of("CULVERT_IO=io_uring"))
                        : new Implementation("culvert", culvert, List.of());
        Implementation reference =
                engines
                        ? new Implementation("syscalls", culvert, List.of("CULVERT_IO=syscalls"))
                        : new Implementation(
                                "wireguard-go", List.of("wireguard-go", "-f"), List.of());
        Comparison comparison =
                new Comparison(
                        subject, reference, Integer.parseInt(arguments[2]), engines, System.err);
        Report report = comparison.run(Integer.parseInt(arguments[1]));
        System.out.println(report.table());
        Path json = Path.of(arguments[3]);
        report.writeJson(json);
        System.out.println("samples: " + json);
    }

    private Report run(int rounds) throws IOException {
        for (int round = 1; round <= rounds; round++) {
            String label = "round " + round + "/" + rounds;
            measure(label, reference, referenceSamples);
            measure(label, subject, subjectSamples);
        }
        progress.println();
        return new Report(subject.name(), subjectSamples, reference.name(), referenceSamples);
    }

    private void measure(String label, Implementation implementation, Samples samples)
            throws IOException {
        try (TunnelPair pair = new TunnelPair(implementation, implementation)) {
            samples.add(Metric.START, pair.startMs());
            show(label, implementation, "ping");
            samples.add(Metric.PING_IDLE, pair.pingMedianMs());
            if (warmUp) {
                show(label, implementation, "warm-up");
                pair.tcp(4, false, seconds);
            }
            show(label, implementation, "TCP 1 stream");
            TunnelPair.Transfer one = pair.tcp(1, false, seconds);
            samples.add(Metric.TCP_1, one.gigabitsPerSecond());
            samples.add(Metric.TCP_1_CPU, one.cpuSecondsPerGigabyte());
            show(label, implementation, "TCP 4 streams");
            TunnelPair.Transfer four = pair.tcp(4, false, seconds);
            samples.add(Metric.TCP_4, four.gigabitsPerSecond());
            samples.add(Metric.TCP_4_CPU, four.cpuSecondsPerGigabyte());
            show(label, implementation, "TCP reverse");
            samples.add(Metric.TCP_REVERSE, pair.tcp(1, true, seconds).gigabitsPerSecond());
            samples.add(Metric.MEMORY, pair.peakResidentMib());
        }
    }

    private void show(String label, Implementation implementation, String what) {
        progress.printf("\r%s: %-12s %-16s", label, implementation.name(), what);
        progress.flush();
    }
}
