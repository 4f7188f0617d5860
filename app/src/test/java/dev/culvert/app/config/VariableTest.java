package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.tunnel.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "true, true",
        "True, true",
        "yes, true",
        "on, true",
        "0, false",
        "no, false"
    })
    void aFlagHasManyWords(String value, boolean on) throws Exception {
        Map<String, String> environment = Map.of("ALLOW_HOOKS", value);

        assertEquals(on, SidecarVariable.ALLOW_HOOKS.isOn(environment));
        SidecarSettings.of(environment);
    }

    @Test
    void aFlagThatIsWrongIsOffAndAMistake() {
        Map<String, String> environment = Map.of("ALLOW_HOOKS", "please", "KILLSWITCH", "on");

        assertFalse(SidecarVariable.ALLOW_HOOKS.isOn(environment));
        assertEquals(
                """
                KILLSWITCH: "on" is not one of strict, best-effort, off
                ALLOW_HOOKS: "please" is not one of false, true\
                """,
                assertThrows(ConfigException.class, () -> SidecarSettings.of(environment))
                        .getMessage());
    }

    @Test
    void levelsOfOtherProgramsAreLevelsHere() throws Exception {
        assertEquals(
                "warning", MonitoringVariable.LOG_LEVEL.choice(Map.of("LOG_LEVEL", "WARNING")));
        assertEquals("", MonitoringVariable.LOG_LEVEL.choice(Map.of()));
    }

    @Test
    void quotesAroundAValueAreNoPartOfIt() {
        assertEquals(
                Map.of("A", "x y", "B", "b", "C", "\"", "D", "\"d", "E", "", "F", " f "),
                ProcessEnvironment.unquoted(
                        Map.of(
                                "A", "\"x y\"", "B", "'b' \r", "C", "\"", "D", "\"d", "E", "''",
                                "F", " f ")));
    }

    @Test
    void theDefaultIsOneOfTheChoices() {
        for (Variable variable : Variable.all()) {
            Definition definition = variable.definition();
            assertTrue(
                    definition.choices().isEmpty()
                            || definition.absent().isEmpty()
                            || definition.choices().contains(definition.absent()),
                    variable.label());
        }
    }
}
