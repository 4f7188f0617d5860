package dev.culvert.app.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusReportTest {
    private final StatusReport report =
            SampleReport.with(SampleReport.peer(SampleReport.KEY, 1_000));

    @Test
    void isOneLineOfWellFormedJson() throws Exception {
        String json = report.json();

        assertEquals(json.length() - 1, json.indexOf('\n'));
        Set<String> names = new HashSet<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                names.add(String.valueOf(parser.currentName()));
            }
        }
        assertTrue(
                names.containsAll(
                        Set.of("tunnels", "peers", "kill_switch", "drops", "held_back", "process")),
                names.toString());
        assertTrue(json.contains("\"handshake_age_seconds\":65"), json);
        assertTrue(json.contains("\"rx_packets\":10,\"tx_packets\":20"), json);
        assertTrue(json.contains("\"no-peer\":7"), json);
        assertTrue(json.contains("\"forwarded_packets\":500,\"rejected_packets\":6"), json);
        assertTrue(json.contains("\"over_quota\":11,\"exhausted\":0"), json);
        assertTrue(json.contains("\"mappings_limit\":131072"), json);
    }

    @Test
    void tellsPeopleWhatMatters() {
        String text = report.text();

        assertTrue(text.startsWith("state:       connected\n"), text);
        assertTrue(text.contains("kill switch: L2, rules: connected\n"), text);
        assertTrue(text.contains("  handshake: 65 s ago\n"), text);
        assertTrue(text.contains("  received:  1000 B in 10 packets\n"), text);
        assertTrue(text.contains("  sent:      2000 B in 20 packets\n"), text);
        assertFalse(text.contains("not ready"), text);
        assertTrue(text.contains("nat:         3 TCP, 4 UDP, 5 ICMP mappings of at most "), text);
        assertTrue(text.contains("  refused:   11 of clients over their quota, 0 as no "), text);
        assertTrue(text.contains("forwarded:   500 packets, 6 rejected\n"), text);
    }

    @Test
    void addsUpWhatTheKernelForwards(@TempDir Path net) throws Exception {
        Files.writeString(
                net.resolve("snmp"), "Ip: Forwarding ForwDatagrams\nIp: 1 40\nIcmp: x\nIcmp: 1\n");
        assertEquals(40, ForwardedPackets.count(net));
        Files.writeString(
                net.resolve("snmp6"), "Ip6InReceives    \t7\nIp6OutForwDatagrams    \t2\n");
        assertEquals(42, ForwardedPackets.count(net));
        assertEquals(-1, ForwardedPackets.count(net.resolve("missing")));
        assertTrue(ForwardedPackets.count(Path.of("/proc/net")) >= 0);
    }

    @Test
    void readsTheProcessesOwnFigures() {
        ProcessStatus process = ProcessStatus.now();

        assertTrue(process.residentBytes() > 1_000_000, process.toString());
        // A limit of one digit was cut off: no kernel has one.
        assertTrue(
                process.trackedFlowsLimit() == -1 || process.trackedFlowsLimit() >= 10,
                process.toString());
    }
}
