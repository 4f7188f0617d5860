package dev.culvert.app.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
        assertTrue(json.contains("\"no-peer\":7"), json);
    }

    @Test
    void tellsPeopleWhatMatters() {
        String text = report.text();

        assertTrue(text.startsWith("state:       connected\n"), text);
        assertTrue(text.contains("kill switch: L2, rules: connected\n"), text);
        assertTrue(text.contains("  handshake: 65 s ago\n"), text);
        assertFalse(text.contains("not ready"), text);
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
