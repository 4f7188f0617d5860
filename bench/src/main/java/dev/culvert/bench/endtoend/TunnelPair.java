package dev.culvert.bench.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.io.IOException;
import java.util.List;

/**
 * Two namespaces, a veth between them, and a tunnel over it. Closing it ends all that it started.
 */
final class TunnelPair implements AutoCloseable {
    private static final String RIGHT_IPV4 = "10.99.0.2";
    private static final String RIGHT_IPV6 = "fd99::2";

    /** The start of a transfer that does not count: TCP is still finding its rate. */
    private static final int OMITTED_SECONDS = 1;

    private static final byte[] RIGHT_OUTER = {(byte) 192, (byte) 168, 99, 2};
    private static final int PORT = 51820;

    private static final long BIND_TIMEOUT_NS = 5_000_000_000L;
    private static final int BIND_POLL_MS = 10;

    private final NetworkNamespace leftNamespace;
    private final NetworkNamespace rightNamespace;
    private final Iperf iperf;
    private final TunnelEnd left;
    private final TunnelEnd right;
    private final double firstPongMs;

    TunnelPair(Implementation sender, Implementation receiver) throws IOException {
        leftNamespace = NetworkNamespace.create("bench-a");
        rightNamespace = NetworkNamespace.create("bench-b");
        iperf = new Iperf(leftNamespace, rightNamespace);
        try {
            Veth.connect(leftNamespace, "192.168.99.1/24", rightNamespace, "192.168.99.2/24");
            left = new TunnelEnd(leftNamespace, "cvbench0", sender);
            right = new TunnelEnd(rightNamespace, "cvbench1", receiver);
            right.configure(
                    left, "192.168.99.1:" + PORT, "10.99.0.2", "fd99::2", "10.99.0.1", "fd99::1");
            awaitBoundSocket(rightNamespace);
            long startNs = System.nanoTime();
            left.configure(
                    right, "192.168.99.2:" + PORT, "10.99.0.1", "fd99::1", "10.99.0.2", "fd99::2");
            Ping.first(leftNamespace, RIGHT_IPV4);
            firstPongMs = (System.nanoTime() - startNs) / 1e6;
        } catch (IOException | RuntimeException | Error failed) {
            close();
            throw failed;
        } catch (InterruptedException interrupted) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    /** An initiation that meets no socket is lost, and the next one comes 5 s later. */
    private static void awaitBoundSocket(NetworkNamespace namespace)
            throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        while (namespace.run("ss", "-Hnlu", "sport", "=", ":" + PORT).isBlank()) {
            if (System.nanoTime() - startNs > BIND_TIMEOUT_NS) {
                throw new IOException("the responder has no socket");
            }
            Thread.sleep(BIND_POLL_MS);
        }
    }

    /**
     * What one transfer gave.
     *
     * @param gigabitsPerSecond received
     * @param tunnelCpuSecondsPerGigabyte of both ends of the tunnel
     * @param cpuSecondsPerGigabyte with both ends of iperf3
     */
    record Transfer(
            double gigabitsPerSecond,
            double tunnelCpuSecondsPerGigabyte,
            double cpuSecondsPerGigabyte) {}

    /** Received datagrams: payload and number per second, and the share that was lost. */
    record Datagrams(double gigabitsPerSecond, double thousandsPerSecond, double lostPercent) {}

    /** Moves TCP from left to right. */
    Transfer tcp(int seconds, String... options) throws IOException {
        return tcp(RIGHT_IPV4, seconds, options);
    }

    /** The receiver of the transfer is the one that is flooded. */
    double tcpUnderFlood(int seconds, int initiationsPerSecond) throws IOException {
        try (Flood flood = new Flood(leftNamespace, RIGHT_OUTER, PORT, initiationsPerSecond)) {
            double rate = tcp(seconds).gigabitsPerSecond();
            flood.check();
            return rate;
        }
    }

    Transfer tcpOverIpv6(int seconds) throws IOException {
        return tcp(RIGHT_IPV6, seconds);
    }

    private Transfer tcp(String to, int seconds, String... options) throws IOException {
        iperf.run(to, OMITTED_SECONDS, List.of(options));
        double cpuBefore = left.cpuSeconds() + right.cpuSeconds();
        JsonNode end = iperf.run(to, seconds, List.of(options));
        double cpu = left.cpuSeconds() + right.cpuSeconds() - cpuBefore;
        double gigabytes = end.path("sum_received").path("bytes").asDouble() / 1e9;
        JsonNode iperfPercent = end.path("cpu_utilization_percent");
        double iperfCpu =
                (iperfPercent.path("host_total").asDouble()
                                + iperfPercent.path("remote_total").asDouble())
                        / 100
                        * seconds;
        return new Transfer(
                end.path("sum_received").path("bits_per_second").asDouble() / 1e9,
                cpu / gigabytes,
                (cpu + iperfCpu) / gigabytes);
    }

    /** What TCP moves in one second, slow start included. */
    double firstSecondGigabits() throws IOException {
        return iperf.run(RIGHT_IPV4, 1, List.of())
                        .path("sum_received")
                        .path("bits_per_second")
                        .asDouble()
                / 1e9;
    }

    /** As many datagrams as the sender can make. */
    Datagrams udp(int payloadBytes, int seconds) throws IOException {
        JsonNode sum =
                iperf.run(
                                RIGHT_IPV4,
                                seconds,
                                List.of(
                                        "--udp",
                                        "--bitrate",
                                        "0",
                                        "--length",
                                        Integer.toString(payloadBytes)))
                        .path("sum");
        double packets = sum.path("packets").asDouble();
        double lost = sum.path("lost_packets").asDouble();
        double receivedPerSecond = (packets - lost) / sum.path("seconds").asDouble();
        return new Datagrams(
                receivedPerSecond * payloadBytes * 8 / 1e9,
                receivedPerSecond / 1e3,
                100 * lost / packets);
    }

    Ping ping(int count) throws IOException {
        return Ping.run(leftNamespace, RIGHT_IPV4, count);
    }

    /** Pings while one TCP stream runs from left to right. */
    Ping pingUnderLoad(int seconds) throws IOException {
        try (BackgroundTask load =
                new BackgroundTask(() -> iperf.run(RIGHT_IPV4, seconds + 1, List.of()))) {
            Thread.sleep(1000);
            Ping ping = ping(seconds * 100 - 100);
            load.await();
            return ping;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    double peakResidentMib() throws IOException {
        return Math.max(left.peakResidentMib(), right.peakResidentMib());
    }

    double startMs() {
        return left.startMs();
    }

    /** From the configuration of the second end to the first answer to a ping. */
    double firstPongMs() {
        return firstPongMs;
    }

    @Override
    public void close() {
        leftNamespace.close();
        rightNamespace.close();
    }
}
