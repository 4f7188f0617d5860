package dev.culvert.app.interop;

import dev.culvert.tun.netns.NetworkNamespace;
import java.util.List;

/** The answers to pings that a namespace has received, as its kernel counts them. */
final class EchoReplies {
    private EchoReplies() {}

    /** Of both IP versions. */
    static long received(NetworkNamespace namespace) {
        return v4(namespace) + v6(namespace);
    }

    /** A line of names, and one of numbers. */
    private static long v4(NetworkNamespace namespace) {
        List<String> rows =
                namespace
                        .run("cat", "/proc/net/snmp")
                        .lines()
                        .filter(line -> line.startsWith("Icmp: "))
                        .toList();
        List<String> names = List.of(rows.getFirst().split(" ", -1));
        return Long.parseLong(rows.getLast().split(" ", -1)[names.indexOf("InEchoReps")]);
    }

    /** A line for each. */
    private static long v6(NetworkNamespace namespace) {
        return namespace
                .run("cat", "/proc/net/snmp6")
                .lines()
                .filter(line -> line.startsWith("Icmp6InEchoReplies"))
                .mapToLong(line -> Long.parseLong(line.replaceFirst("\\S+\\s+", "").strip()))
                .sum();
    }
}
