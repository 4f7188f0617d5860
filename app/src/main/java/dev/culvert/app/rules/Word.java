package dev.culvert.app.rules;

import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.Quoted;

/**
 * A word of a rule.
 *
 * @param text empty: the rule ends here
 * @param position of its first character in the variable, from 1 on
 */
public record Word(String text, int position) {
    /**
     * What is wrong with it.
     *
     * @param source the variable's name
     */
    public ConfigProblem problem(String source, String reason) {
        return new ConfigProblem(
                source,
                0,
                "character " + position,
                (isEnd() ? "the rule ends too early" : Quoted.of(text)) + ": " + reason);
    }

    /** Whether the rule ends here. */
    public boolean isEnd() {
        return text.isEmpty();
    }
}
