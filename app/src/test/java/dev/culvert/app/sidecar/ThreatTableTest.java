package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of threats in docs/security.md names tests that there are. */
final class ThreatTableTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| .* \\| (.*) \\|$");
    private static final Pattern NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");

    @Test
    void eachThreatHasATest() throws IOException {
        String table = Files.readString(ROOT.resolve("docs/security.md"));
        List<Integer> threats = new ArrayList<>();
        for (MatchResult row : ROW.matcher(table).results().toList()) {
            threats.add(Integer.valueOf(row.group(1)));
            List<MatchResult> names = NAME.matcher(row.group(2)).results().toList();
            assertTrue(!names.isEmpty(), row.group());
            for (MatchResult name : names) {
                assertTrue(
                        source(name.group(1)).contains("void " + name.group(2) + "("),
                        "there is no " + name.group());
            }
        }
        assertEquals(IntStream.rangeClosed(1, 19).boxed().toList(), threats);
    }

    private static String source(String testClass) throws IOException {
        for (String module : List.of("app", "killswitch")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file : files.toList()) {
                    if (file.endsWith(testClass + ".java")) {
                        return Files.readString(file);
                    }
                }
            }
        }
        return "";
    }
}
