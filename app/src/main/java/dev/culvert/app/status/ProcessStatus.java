package dev.culvert.app.status;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the process takes of the machine, and how much of its connection tracking is in use.
 *
 * @param residentBytes of memory; 0: not known
 * @param threadSeconds CPU time of the threads of the packet path by name
 * @param trackedFlows entries of the namespace's connection tracking, which network address
 *     translation uses; -1: there is none
 * @param trackedFlowsLimit how many there may be; -1: there is none
 * @param forwardedPackets by the kernel, from one link to another, super-packets once; -1: not
 *     known
 */
public record ProcessStatus(
        long residentBytes,
        Map<String, Double> threadSeconds,
        long trackedFlows,
        long trackedFlowsLimit,
        long forwardedPackets) {
    /** For a process that does not run. */
    public static final ProcessStatus NONE = new ProcessStatus(0, Map.of(), -1, -1, -1);

    private static final Path PROC = Path.of("/proc");
    private static final Path NETFILTER = PROC.resolve("sys/net/netfilter");
    private static final int MAX_DIGITS = 32;
    private static final long KIB = 1024;
    private static final double NS_PER_S = 1e9;

    public ProcessStatus {
        threadSeconds = Map.copyOf(threadSeconds);
    }

    /** As it is now. */
    public static ProcessStatus now() {
        return new ProcessStatus(
                readResidentBytes(),
                readThreadSeconds(),
                number(NETFILTER.resolve("nf_conntrack_count")),
                number(NETFILTER.resolve("nf_conntrack_max")),
                ForwardedPackets.count(PROC.resolve("net")));
    }

    private static long readResidentBytes() {
        try {
            for (String line : Files.readAllLines(PROC.resolve("self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
        return 0;
    }

    /** The kernel counts it anyway: nothing is measured on the packet path. */
    private static Map<String, Double> readThreadSeconds() {
        Map<String, Double> seconds = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(PROC.resolve("self/task"))) {
            for (Path task : tasks) {
                String name = text(task.resolve("comm"));
                if (name.startsWith("outbound-")
                        || name.startsWith("inbound-")
                        || name.equals("home")) {
                    seconds.merge(name, cpuSeconds(task), Double::sum);
                }
            }
        } catch (IOException | DirectoryIteratorException unknown) {
            return Map.of();
        }
        return seconds;
    }

    /** {@code schedstat}: nanoseconds on a CPU, nanoseconds of waiting for one, turns. */
    private static double cpuSeconds(Path task) {
        String[] words = text(task.resolve("schedstat")).split(" ", -1);
        return words[0].isEmpty() ? 0 : Long.parseLong(words[0]) / NS_PER_S;
    }

    /** By one read: the kernel's settings give nothing to a second one. */
    private static long number(Path setting) {
        byte[] digits = new byte[MAX_DIGITS];
        try (InputStream in = Files.newInputStream(setting)) {
            int length = in.read(digits);
            return length <= 0
                    ? -1
                    : Long.parseLong(
                            new String(digits, 0, length, StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException none) {
            return -1;
        }
    }

    /** Empty: it is gone, or not there. */
    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException gone) {
            return "";
        }
    }
}
