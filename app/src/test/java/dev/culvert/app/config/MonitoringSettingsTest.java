package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MonitoringSettingsTest {
    @TempDir Path root;

    @Test
    void servesMetricsOnLoopbackAndNothingElseByDefault() throws Exception {
        MonitoringSettings settings = settings(Map.of());

        assertEquals("/127.0.0.1:9586", settings.metricsAddress().orElseThrow().toString());
        assertTrue(settings.statusAddress().isEmpty());
        assertTrue(settings.check().isEmpty());
        assertTrue(settings.recreation().isEmpty());
        assertTrue(settings(Map.of("METRICS_ADDR", "off")).metricsAddress().isEmpty());
    }

    @Test
    void readsAConnectionCheck() throws Exception {
        ConnectionCheck check =
                settings(
                                Map.of(
                                        "CHECK_CONNECTION_CRON",
                                        "*/15 * * * *",
                                        "CHECK_CONNECTION_URL",
                                        "https://example.com;http://10.64.0.1/x",
                                        "CHECK_CONNECTION_ATTEMPTS",
                                        "2"))
                        .check()
                        .orElseThrow();

        assertEquals(2, check.urls().size());
        assertEquals(2, check.attempts());
        assertEquals(10, check.intervalSeconds());
        assertEquals(
                Optional.of(Duration.ofMinutes(14)),
                check.schedule().untilNext(ZonedDateTime.parse("2026-01-31T12:01:00Z")));
    }

    @Test
    void wantsATokenBeyondLoopback() throws Exception {
        assertFalse(settings(Map.of("STATUS_ADDR", "127.0.0.1:8000")).statusAddress().isEmpty());
        String token = "0123456789abcdef";
        MonitoringSettings open = settings(Map.of("STATUS_ADDR", ":8000", "STATUS_TOKEN", token));
        assertEquals(token, open.statusToken());
        assertFalse(open.toString().contains(token));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "METRICS_ADDR | localhost:80 | is not an IP address",
                "METRICS_ADDR | 127.0.0.1 | has no port",
                "METRICS_ADDR | 127.0.0.1:99999 | is no port",
                "STATUS_ADDR | 0.0.0.0:8000 | takes a STATUS_TOKEN",
                "STATUS_TOKEN | short | too short",
                "CHECK_CONNECTION_CRON | every day | no schedule of five fields",
                "CHECK_CONNECTION_CRON | 61 * * * * | no schedule of five fields",
                "CHECK_CONNECTION_CRON | 0 * * * * | CHECK_CONNECTION_URL: is not set",
                "CHECK_CONNECTION_URL | ftp://example.com | no URL of http or https",
                "CHECK_CONNECTION_ATTEMPTS | 0 | is no number: a number from 1",
                "LOG_LEVEL | loud | LOG_LEVEL: \"loud\" is not one of verbose, debug, info, warning, error",
                "LOG_FORMAT | xml | LOG_FORMAT: \"xml\" is not one of text, json",
                "NETWORK_DIAGNOSTIC_ENABLED | 2 | is not one of false, true",
                "DIAGNOSTIC_URL | icanhazip.com | no URL of http or https",
                "RECREATE_VPN_CRON | * * * | no schedule of five fields",
            })
    void namesAMistakeInOneLine(String name, String value, String part) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> settings(Map.of(name, value)));

        assertEquals(1, refused.problems().size(), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(part), refused.getMessage());
    }

    private MonitoringSettings settings(Map<String, String> environment) throws ConfigException {
        return MonitoringSettings.of(environment, root);
    }
}
