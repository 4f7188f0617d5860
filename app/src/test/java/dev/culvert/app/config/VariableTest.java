package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.tunnel.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VariableTest {
    @TempDir Path root;

    /** What the manual says is the default, given as if a user had set it. */
    private static Map<String, String> defaults(Variable... variables) {
        Map<String, String> defaults =
                Arrays.stream(variables)
                        .filter(variable -> !variable.definition().absent().isEmpty())
                        .collect(
                                Collectors.toMap(
                                        Variable::name,
                                        variable -> variable.definition().absent()));
        assertTrue(defaults.size() > 1, defaults.toString());
        return defaults;
    }

    @Test
    void toSetADefaultIsToSetNothing() throws Exception {
        assertEquals(
                SidecarSettings.of(Map.of()),
                SidecarSettings.of(defaults(SidecarVariable.values())));
        assertEquals(
                MonitoringSettings.of(Map.of(), root),
                MonitoringSettings.of(defaults(MonitoringVariable.values()), root));
        assertEquals(
                ServerSettings.of(Map.of()), ServerSettings.of(defaults(ServerVariable.values())));
        assertEquals(Settings.of(Map.of()), Settings.of(defaults(EngineVariable.values())));
    }

    @Test
    void aBlankValueCountsAsNone() {
        assertEquals(
                "127.0.0.1:9586", MonitoringVariable.METRICS_ADDR.in(Map.of("METRICS_ADDR", " ")));
        assertEquals("off", MonitoringVariable.METRICS_ADDR.in(Map.of("METRICS_ADDR", " off ")));
    }

    @Test
    void theDefaultIsOneOfTheChoices() {
        for (Variable variable : Variable.all()) {
            Definition definition = variable.definition();
            assertTrue(
                    definition.choices().isEmpty()
                            || definition.choices().contains(definition.absent()),
                    variable.label());
        }
    }
}
