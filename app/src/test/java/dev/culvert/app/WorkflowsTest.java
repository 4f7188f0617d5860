package dev.culvert.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The workflows cannot be run here; that they name what there is can be seen. */
final class WorkflowsTest {
    private static final Path REPOSITORY = Path.of("..");

    @ParameterizedTest
    @ValueSource(strings = {"ci.yml", "release.yml"})
    void nameTargetsFilesAndJobsThatThereAre(String workflow) throws Exception {
        String text = Files.readString(REPOSITORY.resolve(".github/workflows").resolve(workflow));

        List<String> targets = all("\\bmake ([a-z0-9-]+)", text);
        assertTrue(targets.contains("test"), targets.toString());
        assertAmong(targets, all("(?m)^([a-z0-9-]+):.*##", makefile()));

        List<String> jobs = all("(?m)^  ([a-z]+):$", text.substring(text.indexOf("\njobs:")));
        assertFalse(jobs.isEmpty());
        assertAmong(all("needs: ([a-z]+)", text), jobs);

        for (String file : all("(?<![\\w$/])((?:scripts|docs)/[\\w./-]+|CHANGELOG\\.md)", text)) {
            assertTrue(Files.exists(REPOSITORY.resolve(file)), file);
        }
    }

    /** An action without a version is whatever its owner makes of it next. */
    @ParameterizedTest
    @ValueSource(strings = {"ci.yml", "release.yml"})
    void useActionsOfAVersion(String workflow) throws Exception {
        String text = Files.readString(REPOSITORY.resolve(".github/workflows").resolve(workflow));
        List<String> used = all("uses: (\\S+)", text);
        assertFalse(used.isEmpty());
        assertEquals(
                List.of(),
                used.stream().filter(name -> !name.matches("[\\w-]+/[\\w-]+@v\\d+")).toList());
    }

    private static String makefile() throws IOException {
        return Files.readString(REPOSITORY.resolve("Makefile"));
    }

    private static void assertAmong(List<String> wanted, List<String> present) {
        TreeSet<String> missing = new TreeSet<>(wanted);
        present.forEach(missing::remove);
        assertTrue(missing.isEmpty(), missing + " of " + present);
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult at) -> at.group(1))
                .toList();
    }
}
