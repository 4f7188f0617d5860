package dev.culvert.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.app.command.CommandName.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The launcher is a shell script, which has to name commands, too. */
final class LauncherTest {
    private final String launcher = read(Path.of("../bin/culvert"));

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }

    private static Set<String> words(Place place) {
        return Arrays.stream(CommandName.values())
                .filter(command -> command.place() == place)
                .map(CommandName::word)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a pattern finds in the part of the launcher that another one finds. */
    private Set<String> found(String part, String word) {
        Matcher parts = Pattern.compile(part).matcher(launcher);
        Set<String> found = new TreeSet<>();
        while (parts.find()) {
            Pattern.compile(word)
                    .matcher(parts.group())
                    .results()
                    .forEach(match -> {
                        found.add(match.group(1));
                    });
        }
        assertFalse(found.isEmpty(), part);
        return found;
    }

    @Test
    void waitsForTheCommandsOfTheForegroundAndNoOthers() {
        assertEquals(
                words(Place.FOREGROUND),
                found("(?m)^1-[a-z]+( \\| 1-[a-z]+)*\\) foreground=1 ;;$", "1-([a-z]+)"));
    }

    @Test
    void goesOnWithoutTheCommandsOfTheBackground() {
        assertEquals(words(Place.BACKGROUND), found("(?m)^2-.*\\) ;;$", "2-([a-z]+)"));
    }

    @Test
    void answersTheRestItself() {
        Set<String> own = found("(?m)^\\[ .* != 1-[a-z]+ \\] \\|\\| \\. .*$", "!= 1-([a-z]+)");
        own.addAll(found("(?m)^arm .*\\. .*arming.sh.*$", "^([a-z]+)"));

        assertEquals(words(Place.LAUNCHER), own);
    }
}
