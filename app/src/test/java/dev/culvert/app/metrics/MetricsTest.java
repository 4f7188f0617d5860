package dev.culvert.app.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.status.SampleReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetricsTest {
    private static final Pattern NAME =
            Pattern.compile("\\b(?:culvert|process|jvm)_[a-z_]+[a-z]\\b");

    private final Metrics metrics = new Metrics();

    @Test
    void namesEachNumberAsPrometheusDoes() {
        String text = metrics.of(SampleReport.with(SampleReport.peer("key", 1_000)));

        assertValue(text, "culvert_ready", 1.0);
        assertValue(text, "culvert_killswitch_level", 2.0);
        assertValue(text, "culvert_killswitch_held_back_packets_total{rule=\"dns\"}", 12.0);
        assertValue(
                text,
                "culvert_peer_received_bytes_total{interface=\"wg0\",public_key=\"key\"}",
                1000.0);
        assertValue(
                text,
                "culvert_peer_received_packets_total{interface=\"wg0\",public_key=\"key\"}",
                10.0);
        assertValue(
                text,
                "culvert_peer_sent_packets_total{interface=\"wg0\",public_key=\"key\"}",
                20.0);
        assertValue(
                text, "culvert_dropped_packets_total{interface=\"wg0\",reason=\"no-peer\"}", 7.0);
        assertValue(text, "culvert_thread_cpu_seconds_total{thread=\"outbound-0\"}", 1.5);
        assertValue(
                text,
                "culvert_tunnel_info{aead=\"boringssl\",interface=\"wg0\",io=\"syscalls\"}",
                1.0);
        assertTrue(text.contains("jvm_memory_used_bytes{"), text);
        assertValue(text, "culvert_nat_mappings{interface=\"wg0\",protocol=\"udp\"}", 4.0);
        assertValue(text, "culvert_nat_limit_mappings{interface=\"wg0\"}", 131_072.0);
        assertValue(
                text,
                "culvert_nat_refused_packets_total{interface=\"wg0\",reason=\"over-quota\"}",
                11.0);
        assertValue(
                text,
                "culvert_nat_translated_packets_total{direction=\"out\",interface=\"wg0\"}",
                70.0);
        assertValue(text, "culvert_forwarded_packets_total", 500.0);
    }

    @Test
    void followsPeersThatComeAndGo() {
        metrics.of(SampleReport.with(SampleReport.peer("one", 10), SampleReport.peer("two", 20)));

        String text = metrics.of(SampleReport.with(SampleReport.peer("two", 25)));

        assertFalse(text.contains("public_key=\"one\""), text);
        assertValue(
                text,
                "culvert_peer_received_bytes_total{interface=\"wg0\",public_key=\"two\"}",
                25.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus/alerts.yaml", "grafana/culvert.json"})
    void hasEverythingThatAlertsAndDashboardAskFor(String file) throws Exception {
        String text = metrics.of(SampleReport.with(SampleReport.peer("key", 1)));
        Matcher names = NAME.matcher(Files.readString(Path.of("../deploy", file)));
        Set<String> missing = new TreeSet<>();
        while (names.find()) {
            if (!text.contains("# TYPE " + names.group() + " ")) {
                missing.add(names.group());
            }
        }
        assertEquals(Set.of(), missing);
    }

    private static void assertValue(String text, String series, double value) {
        String line =
                text.lines()
                        .filter(candidate -> candidate.startsWith(series + " "))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no " + series + " in\n" + text));
        assertEquals(value, Double.parseDouble(line.substring(series.length() + 1)), line);
    }
}
