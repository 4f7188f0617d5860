package dev.culvert.bench.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.netns.Veth;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Two namespaces, a veth between them, and a tunnel over it. Closing it ends all that it started.
 */
final class TunnelPair implements AutoCloseable {
    private static final String LEFT_INNER = "10.99.0.1";
    private static final String RIGHT_INNER = "10.99.0.2";
    private static final Pattern PING_TIME = Pattern.compile("time=([0-9.]+) ms");

    private final NetworkNamespace leftNamespace;
    private final NetworkNamespace rightNamespace;
    private final TunnelEnd left;
    private final TunnelEnd right;

    TunnelPair(Implementation sender, Implementation receiver) throws IOException {
        leftNamespace = NetworkNamespace.create("bench-a");
        rightNamespace = NetworkNamespace.create("bench-b");
        try {
            Veth.connect(leftNamespace, "192.168.99.1/24", rightNamespace, "192.168.99.2/24");
            left = new TunnelEnd(leftNamespace, "cvbench0", sender);
            right = new TunnelEnd(rightNamespace, "cvbench1", receiver);
            left.configure(LEFT_INNER, right, RIGHT_INNER, "192.168.99.2:51820");
            right.configure(RIGHT_INNER, left, LEFT_INNER, "192.168.99.1:51820");
            leftNamespace.run("ping", "-c", "1", "-W", "5", RIGHT_INNER);
        } catch (IOException | RuntimeException | Error failed) {
            close();
            throw failed;
        }
    }

    /** What one TCP transfer gave: received rate, and CPU time of both implementations. */
    record Transfer(double gigabitsPerSecond, double cpuSecondsPerGigabyte) {}

    /** Moves TCP from left to right, or back when {@code reverse}. */
    Transfer tcp(int streams, boolean reverse, int seconds) throws IOException {
        RunningProcess server =
                rightNamespace.start("iperf3", "--server", "--one-off", "--forceflush");
        server.awaitOutput("listening", Duration.ofSeconds(5));
        double cpuBefore = left.cpuSeconds() + right.cpuSeconds();
        String json =
                leftNamespace.run(
                        "iperf3",
                        "--client",
                        RIGHT_INNER,
                        "--json",
                        "--time",
                        Integer.toString(seconds),
                        "--parallel",
                        Integer.toString(streams),
                        reverse ? "--reverse" : "--no-delay");
        double cpuSeconds = left.cpuSeconds() + right.cpuSeconds() - cpuBefore;
        server.await(Duration.ofSeconds(5));
        JsonNode received = new ObjectMapper().readTree(json).path("end").path("sum_received");
        return new Transfer(
                received.path("bits_per_second").asDouble() / 1e9,
                cpuSeconds / (received.path("bytes").asDouble() / 1e9));
    }

    /** Median round trip of 100 pings, in milliseconds. */
    double pingMedianMs() {
        String output = leftNamespace.run("ping", "-c", "100", "-i", "0.01", RIGHT_INNER);
        double[] times =
                PING_TIME
                        .matcher(output)
                        .results()
                        .map((MatchResult result) -> result.group(1))
                        .mapToDouble(Double::parseDouble)
                        .sorted()
                        .toArray();
        if (times.length < 50) {
            throw new AssertionError("pings lost: " + Arrays.toString(times));
        }
        return times[times.length / 2];
    }

    double peakResidentMib() throws IOException {
        return Math.max(left.peakResidentMib(), right.peakResidentMib());
    }

    double startMs() {
        return left.startMs();
    }

    @Override
    public void close() {
        leftNamespace.close();
        rightNamespace.close();
    }
}
