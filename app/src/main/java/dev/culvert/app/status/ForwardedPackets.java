package dev.culvert.app.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel has forwarded in the namespace, as it counts it itself. */
final class ForwardedPackets {
    private ForwardedPackets() {}

    /**
     * Of both IP versions.
     *
     * @param net {@code /proc/net}
     * @return -1: not known
     */
    static long count(Path net) {
        try {
            long v6 =
                    Files.exists(net.resolve("snmp6"))
                            ? v6(Files.readAllLines(net.resolve("snmp6")))
                            : 0;
            return v4(Files.readAllLines(net.resolve("snmp"))) + v6;
        } catch (IOException | IllegalArgumentException unknown) {
            return -1;
        }
    }

    /** A line of names, and one of numbers. */
    private static long v4(List<String> lines) {
        List<String> rows = lines.stream().filter(line -> line.startsWith("Ip: ")).toList();
        if (rows.size() != 2) {
            throw new IllegalArgumentException("no counters of IPv4");
        }
        List<String> names = List.of(rows.getFirst().split(" ", -1));
        String[] values = rows.getLast().split(" ", -1);
        return Long.parseLong(values[names.indexOf("ForwDatagrams")]);
    }

    /** A line for each. */
    private static long v6(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("Ip6OutForwDatagrams"))
                .mapToLong(line -> Long.parseLong(line.replaceFirst("\\S+\\s+", "").strip()))
                .sum();
    }
}
