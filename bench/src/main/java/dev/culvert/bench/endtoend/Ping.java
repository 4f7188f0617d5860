package dev.culvert.bench.endtoend;

import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Round trips of ping(8). */
final class Ping {
    private static final Pattern TIME = Pattern.compile("time=([0-9.]+) ms");

    /** Milliseconds, ascending. */
    private final double[] sortedMs;

    private Ping(double[] sortedMs) {
        this.sortedMs = sortedMs;
    }

    /** Sends {@code count}, one each 10 ms. At least half of them have to come back. */
    static Ping run(NetworkNamespace from, String to, int count) throws IOException {
        return run(from, to, count, 2);
    }

    /** One, with the patience for a lost initiation. */
    static void first(NetworkNamespace from, String to) throws IOException {
        run(from, to, 1, 12);
    }

    private static Ping run(NetworkNamespace from, String to, int count, int patienceSeconds)
            throws IOException {
        String output =
                from.exec(
                                "ping",
                                "-c",
                                Integer.toString(count),
                                "-i",
                                "0.01",
                                "-W",
                                Integer.toString(patienceSeconds),
                                to)
                        .output();
        double[] sorted =
                TIME.matcher(output)
                        .results()
                        .map((MatchResult result) -> result.group(1))
                        .mapToDouble(Double::parseDouble)
                        .sorted()
                        .toArray();
        if (sorted.length < (count + 1) / 2) {
            throw new IOException(sorted.length + " of " + count + " pings came back");
        }
        return new Ping(sorted);
    }

    /** For instance 0.5: the median. */
    double quantile(double share) {
        return sortedMs[(int) Math.min(sortedMs.length - 1L, Math.round(share * sortedMs.length))];
    }
}
