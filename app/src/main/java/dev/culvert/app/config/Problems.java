package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.List;

/** Collects the mistakes and the notices of one source. */
final class Problems {
    private final String source;
    private final List<ConfigProblem> mistakes = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    Problems(String source) {
        this.source = source;
    }

    void add(int line, String key, String reason) {
        mistakes.add(new ConfigProblem(source, line, key, reason));
    }

    void notice(int line, String key, String text) {
        notices.add(new ConfigProblem(source, line, key, text).toString());
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    boolean any() {
        return !mistakes.isEmpty();
    }

    /** In the order of the lines; those of the whole source last. */
    ConfigException exception() {
        mistakes.sort((a, b) ->
                Integer.compare(
                        a.line() == 0 ? Integer.MAX_VALUE : a.line(),
                        b.line() == 0 ? Integer.MAX_VALUE : b.line()));
        return new ConfigException(mistakes);
    }
}
