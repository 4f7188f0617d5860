package dev.culvert.app.config;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment of this process. A value that stands in quotes is what is between them: where a
 * shell would have taken them away, {@code docker run --env-file} and the lists of a compose file
 * leave them.
 */
public final class ProcessEnvironment {
    private ProcessEnvironment() {}

    /** All of it. */
    public static Map<String, String> read() {
        return unquoted(System.getenv());
    }

    static Map<String, String> unquoted(Map<String, String> environment) {
        Map<String, String> unquoted = new HashMap<>(environment);
        unquoted.replaceAll((name, value) -> unquoted(value));
        return unquoted;
    }

    private static String unquoted(String value) {
        String text = value.strip();
        int last = text.length() - 1;
        boolean quoted =
                last > 0
                        && text.charAt(0) == text.charAt(last)
                        && (text.charAt(0) == '"' || text.charAt(0) == '\'');
        return quoted ? text.substring(1, last) : value;
    }
}
