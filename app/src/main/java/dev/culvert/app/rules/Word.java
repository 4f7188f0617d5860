package dev.culvert.app.rules;

/**
 * A word of a rule.
 *
 * @param text empty: the rule ends here
 * @param position of its first character in the variable, from 1 on
 */
public record Word(String text, int position) {
    /** Whether the rule ends here. */
    public boolean isEnd() {
        return text.isEmpty();
    }
}
