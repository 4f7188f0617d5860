package dev.culvert.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the manual to what the program reads. {@code make docs} writes the pages. */
final class ManualTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern READ_BY_TEXT =
            Pattern.compile(
                    "(?:getenv|environment(?:\\(\\))?\\s*\\.get(?:OrDefault)?)\\(\\s*\"([A-Z_]+)\"");
    private static final Pattern READ_BY_SHELL = Pattern.compile("\\$\\{([A-Z][A-Z_]{3,})[:-]");

    /** {@code make docs} sets the property. */
    @BeforeAll
    static void writeThePages() throws IOException {
        if (Boolean.getBoolean("manual.write")) {
            Manual.write(REPOSITORY);
        }
    }

    @Test
    void thePagesAreAsPrinted() throws Exception {
        for (String page : Manual.PAGES) {
            String text = Files.readString(REPOSITORY.resolve(page));
            assertEquals(Manual.printed(text), text, page + " is not as printed: make docs");
        }
    }

    @Test
    void everyTableStandsInOnePage() throws Exception {
        List<String> standing = new ArrayList<>();
        for (String page : Manual.PAGES) {
            standing.addAll(Manual.tables(Files.readString(REPOSITORY.resolve(page))));
        }
        assertEquals(Manual.allTables(), standing.stream().sorted().toList());
    }

    @Test
    void noNameIsReadThatIsNotDefined() throws Exception {
        Set<String> byText = found(REPOSITORY.resolve("app/src/main/java"), ".java", READ_BY_TEXT);
        assertEquals(Set.of(), byText, "read by a name of its own instead of a Variable");

        Set<String> defined =
                Variable.all().stream().map(Variable::name).collect(Collectors.toSet());
        Set<String> byShell = found(REPOSITORY.resolve("bin"), "", READ_BY_SHELL);
        assertTrue(byShell.contains("CULVERT_RUN_DIR"), byShell.toString());
        byShell.removeAll(defined);
        assertEquals(Set.of(), byShell);
    }

    @Test
    void noNameStandsForTwoThings() {
        List<String> names =
                Variable.all().stream()
                        .flatMap(variable ->
                                Stream.concat(
                                        variable instanceof NumberedVariable
                                                ? Stream.of(variable.label())
                                                : variable.names().stream(),
                                        variable.definition().elsewhere().stream()
                                                .map(ForeignName::name)))
                        .toList();
        assertEquals(Set.copyOf(names).size(), names.size(), names.toString());
    }

    private static Set<String> found(Path folder, String suffix, Pattern pattern)
            throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(suffix))
                            .filter(Files::isRegularFile)
                            .toList()) {
                pattern.matcher(Files.readString(file))
                        .results()
                        .map((MatchResult at) -> at.group(1))
                        .forEach(found::add);
            }
        }
        return found;
    }
}
