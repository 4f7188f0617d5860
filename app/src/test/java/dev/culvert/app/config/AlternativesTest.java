package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AlternativesTest {
    private static final String CONFIG =
            """
            [Interface]
            PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
            Address = 10.64.0.2/32
            [Peer]
            PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
            AllowedIPs = 0.0.0.0/0
            Endpoint = 192.0.2.1:51820
            """;

    @TempDir Path root;
    private Path first;
    private Path folder;

    @BeforeEach
    void setUp() throws Exception {
        first = root.resolve("config/wg0.conf");
        folder = root.resolve("config/wg0.d");
        Files.createDirectories(folder);
        Files.writeString(first, CONFIG);
    }

    private Path other(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void areTriedInTurnFromThePresentOneOn() throws Exception {
        Path b = other("b.conf", CONFIG);
        Path a = other("a.conf", CONFIG);

        assertEquals(List.of(a, b), Alternatives.after(first.toString(), "wg0"));
        assertEquals(List.of(b, first), Alternatives.after(a.toString(), "wg0"));
        assertEquals(List.of(first, a), Alternatives.after(b.toString(), "wg0"));
    }

    @Test
    void thereAreNoneBesideAFileAloneOrVariables() throws Exception {
        assertEquals(List.of(), Alternatives.after(first.toString(), "wg0"));
        assertEquals(List.of(), Alternatives.after("environment", "wg0"));
        other("a.conf", CONFIG);
        assertEquals(List.of(), Alternatives.after(first.toString(), "wg1"));
    }

    @Test
    void theyAreNoTunnelsOfTheirOwn() throws Exception {
        Path a = other("a.conf", CONFIG);
        ConfigLoader loader = new ConfigLoader(root, Map.of());
        List<TunnelConfig> tunnels = loader.load(List.of());

        assertEquals(List.of("wg0"), tunnels.stream().map(TunnelConfig::interfaceName).toList());
        assertEquals("wg0", loader.alternative(a, "wg0").interfaceName());
    }

    @Test
    void mistakesInThemAreMistakesOfTheConfiguration() throws Exception {
        other("a.conf", CONFIG.replace("Endpoint", "Endpiont"));
        other("b.conf", CONFIG.replace("Address", "FwMark = 7\nAddress"));

        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () -> new ConfigLoader(root, Map.of()).load(List.of()));

        assertEquals(
                folder
                        + "/a.conf:7: \"Endpiont\" is not a key; did you mean \"Endpoint\"?\n"
                        + folder
                        + "/b.conf:3: FwMark: has to be the same as in "
                        + first,
                refused.getMessage());
    }
}
