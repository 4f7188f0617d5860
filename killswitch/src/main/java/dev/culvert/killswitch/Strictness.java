package dev.culvert.killswitch;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What to do where the rules cannot be had: {@code KILLSWITCH}. */
public enum Strictness {
    /** Refuses to run below L1. */
    STRICT("strict"),
    /** Takes what it gets, and says what is missing. */
    BEST_EFFORT("best-effort"),
    /** Makes no rules, and leaves those that are there. */
    OFF("off");

    private final String label;

    Strictness(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /**
     * The value with this label.
     *
     * @throws IllegalArgumentException with one line that quotes the text
     */
    public static Strictness parse(String text) {
        for (Strictness strictness : values()) {
            if (strictness.label.equals(text)) {
                return strictness;
            }
        }
        throw new IllegalArgumentException(
                "\""
                        + text
                        + "\" is not one of "
                        + Arrays.stream(values())
                                .map(Strictness::label)
                                .collect(Collectors.joining(", ")));
    }
}
