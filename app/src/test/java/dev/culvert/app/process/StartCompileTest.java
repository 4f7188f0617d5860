package dev.culvert.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JVM says nothing of a compile command for a method that there is not. */
final class StartCompileTest {
    @Test
    void namesMethodsThatThereAre() throws Exception {
        List<String> unknown = new ArrayList<>();
        int known = 0;
        for (String line : Files.readAllLines(Path.of("start.compile"))) {
            String[] words = line.split(" ", -1);
            if (!words[0].equals("CompileThresholdScaling") || words[1].endsWith("*")) {
                continue;
            }
            String[] method = words[1].split("::", -1);
            // With a star, also the lambdas of the class.
            if (isThere(Class.forName(method[0].replace("*", "")), method[1])) {
                known++;
            } else {
                unknown.add(words[1]);
            }
        }
        assertEquals(List.of(), unknown);
        assertTrue(known >= 11, () -> "too few methods");
    }

    private static boolean isThere(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredMethods()).map(Method::getName).anyMatch(name::equals);
    }
}
