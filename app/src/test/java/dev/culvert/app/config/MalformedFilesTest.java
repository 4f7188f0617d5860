package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files with one mistake each; {@code expected.txt} has the line and the key to be named. */
class MalformedFilesTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/config/malformed");

    static Stream<Arguments> files() throws IOException {
        List<String> expected = Files.readAllLines(DIRECTORY.resolve("expected.txt"));
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertEquals(
                    expected.size(),
                    files.filter(file -> file.toString().endsWith(".conf")).count());
        }
        return expected.stream()
                .map(line -> line.split(" \\| ", 2))
                .map(parts -> Arguments.of(parts[0], parts[1]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefusedInOneLineThatNamesThePlace(String name, String expected) throws IOException {
        byte[] file = Files.readAllBytes(DIRECTORY.resolve(name + ".conf"));
        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () -> WgQuickParser.parse("wg0.conf", "wg0", file, false, null));

        String message = refused.problems().getFirst().toString();
        assertTrue(
                message.startsWith("wg0.conf:" + expected)
                        || message.startsWith("wg0.conf: " + expected),
                message);
        assertFalse(message.contains("\n"));
        assertFalse(
                String.valueOf(refused.getMessage())
                        .contains(WgQuickParserTest.PRIVATE_KEY.substring(0, 20)));
        if (!name.equals("section-missing") && !name.equals("json")) {
            assertEquals(1, refused.problems().size(), refused.getMessage());
        }
    }
}
