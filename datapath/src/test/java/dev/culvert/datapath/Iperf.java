package dev.culvert.datapath;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** TCP transfers of a fixed size, checked by iperf3. */
final class Iperf {
    private Iperf() {}

    /**
     * Transfers that many bytes from one namespace to an address in the other and fails when they
     * do not arrive within 30 s.
     *
     * @param more further arguments of the client, such as "-R"
     */
    static void transfer(
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
            from.run(command.toArray(String[]::new));
        }
    }
}
