package dev.culvert.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.command.CommandName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {
    @ParameterizedTest
    @CsvSource({"wg0,", "-f, wg0", "--foreground, wg0", "wg0, -f", "--, wg0"})
    void namesTheInterface(String first, String second) {
        Arguments parsed = second == null ? parse(first) : parse(first, second);
        assertEquals(new Arguments.Run("wg0"), parsed);
    }

    @ParameterizedTest
    @CsvSource({
        "statsu, status",
        "staus, status",
        "cleint, client",
        "wg0,",
        "uo,",
        "office,",
        "home0,"
    })
    void seesWhichCommandAnInterfaceLooksLike(String name, String command) {
        assertEquals(Optional.ofNullable(command), CommandName.nearest(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "wg0", "wg-home.5", "123456789012345", "wg_0=+x"})
    void takesWhatTheKernelTakes(String name) {
        assertEquals(new Arguments.Run(name), parse(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "../wg0",
                "a b",
                "1234567890123456",
                "wg%d",
                "a:0",
                "a\n"
            })
    void refusesWhatIsNoInterfaceName(String name) {
        assertInstanceOf(Arguments.Refuse.class, parse(name));
    }

    @Test
    void refusesNoOrTooManyOrUnknownArgumentsInOneLine() {
        for (String[] args : new String[][] {{}, {"-f"}, {"wg0", "wg1"}, {"--frobnicate", "wg0"}}) {
            Arguments.Refuse refused = assertInstanceOf(Arguments.Refuse.class, parse(args));
            assertEquals(1, refused.text().lines().count(), refused.text());
            assertTrue(refused.text().endsWith("(see wireguard-go --help)"), refused.text());
        }
    }

    @Test
    void printsVersionAndHelp() {
        assertEquals(
                new Arguments.Print("culvert 1.2, WireGuard in user space\n"), parse("--version"));
        Arguments.Print help = assertInstanceOf(Arguments.Print.class, parse("--help"));
        assertTrue(help.text().startsWith("Usage: wireguard-go [-fhV] IFNAME"), help.text());
        for (String command : List.of("run", "status", "diagnose", "client", "disarm")) {
            assertTrue(help.text().contains("\n  " + command + " "), help.text());
        }
    }

    private static Arguments parse(String... args) {
        return Arguments.parse("wireguard-go", "1.2", args);
    }
}
