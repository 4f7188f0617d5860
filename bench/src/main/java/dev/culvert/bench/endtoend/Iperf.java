package dev.culvert.bench.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One run of iperf3 between two namespaces; repeated once if it fails. */
final class Iperf {
    private static final int TRIES = 2;
    private static final Duration SERVER_START = Duration.ofSeconds(5);
    private static final Duration AFTER_THE_END = Duration.ofSeconds(20);

    private final NetworkNamespace client;
    private final NetworkNamespace server;

    /** Both namespaces stay the caller's. */
    Iperf(NetworkNamespace client, NetworkNamespace server) {
        this.client = client;
        this.server = server;
    }

    /**
     * Moves traffic from the client to the server, or as the options say.
     *
     * @param to address of the server
     * @param options of the client besides
     * @return {@code end} of the client's JSON
     */
    JsonNode run(String to, int seconds, List<String> options) throws IOException {
        IOException last = new IOException("not tried");
        for (int i = 0; i < TRIES; i++) {
            try {
                return runOnce(to, seconds, options);
            } catch (IOException failed) {
                last = failed;
            }
        }
        throw last;
    }

    private JsonNode runOnce(String to, int seconds, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("iperf3", "--client", to, "--json", "--connect-timeout", "5000"));
        command.addAll(List.of("--time", Integer.toString(seconds)));
        command.addAll(options);
        try (RunningProcess listening =
                        server.start("iperf3", "--server", "--one-off", "--forceflush");
                RunningProcess sending = start(listening, command)) {
            Execution ended = sending.await(AFTER_THE_END.plusSeconds(seconds));
            JsonNode json = new ObjectMapper().readTree(ended.output());
            if (ended.exitCode() != 0 || json.has("error")) {
                throw new IOException("iperf3: " + json.path("error").asText("failed"));
            }
            return json.path("end");
        } catch (AssertionError late) {
            throw new IOException(late.getMessage(), late);
        }
    }

    private RunningProcess start(RunningProcess listening, List<String> command) {
        listening.awaitOutput("listening", SERVER_START);
        return client.start(command.toArray(String[]::new));
    }
}
