package dev.culvert.datapath;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TCP and UDP transfers of a fixed size, checked by iperf3. */
final class Iperf {
    private static final Pattern RECEIVED = Pattern.compile("([\\d.]+) ([KMG]?)Bytes.*receiver");

    private Iperf() {}

    /**
     * Transfers that many bytes from one namespace to an address in the other and fails when they
     * do not arrive within 30 s.
     *
     * @param more further arguments of the client, such as "-R" or "-u"
     * @return megabytes that the receiver says it got
     */
    static double transfer(
            NetworkNamespace from,
            NetworkNamespace to,
            String address,
            String bytes,
            String... more) {
        try (RunningProcess server =
                to.start("iperf3", "-s", "-1", "--forceflush", "-B", address)) {
            server.awaitOutput("listening", Duration.ofSeconds(10));
            List<String> command =
                    new ArrayList<>(List.of("timeout", "30", "iperf3", "-c", address, "-n", bytes));
            command.addAll(List.of(more));
            String output = from.run(command.toArray(String[]::new));
            Matcher matcher = RECEIVED.matcher(output);
            double received = 0;
            while (matcher.find()) {
                received =
                        Double.parseDouble(matcher.group(1))
                                * switch (matcher.group(2)) {
                                    case "G" -> 1000;
                                    case "M" -> 1;
                                    case "K" -> 0.001;
                                    default -> 0.000_001;
                                };
            }
            return received;
        }
    }
}
