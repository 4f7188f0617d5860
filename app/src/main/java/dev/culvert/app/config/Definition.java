package dev.culvert.app.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a variable is, for its reader and for the manual.
 *
 * @param values what may stand there, in Markdown
 * @param choices all values that there are, the default first; empty: any text of the right form
 * @param absent the value that counts where the variable is not set; empty: none
 * @param meaning in Markdown
 * @param aliases other names of the same
 * @param mayBeFile the value may stand in a file instead, see {@link SecretVariables}
 * @param elsewhere names that other programs have for it and that are not known here
 */
public record Definition(
        String values,
        List<String> choices,
        String absent,
        String meaning,
        List<String> aliases,
        boolean mayBeFile,
        List<ForeignName> elsewhere) {
    private static final List<String> FLAG = List.of("false", "true");

    public Definition {
        choices = List.copyOf(choices);
        aliases = List.copyOf(aliases);
        elsewhere = List.copyOf(elsewhere);
    }

    /** Free text without a default. */
    static Definition of(String values, String meaning) {
        return new Definition(values, List.of(), "", meaning, List.of(), false, List.of());
    }

    /** {@code true} or {@code false}, or what stands for them. */
    static Definition flag(String meaning) {
        return choice(meaning, FLAG.toArray(String[]::new));
    }

    /**
     * One of a few words.
     *
     * @param choices the first is the default
     */
    static Definition choice(String meaning, String... choices) {
        return new Definition(
                "`" + String.join("`, `", choices) + "`",
                List.of(choices),
                choices[0],
                meaning,
                List.of(),
                false,
                List.of());
    }

    /** One of a few words, and another thing where it is not set. */
    Definition oneOf(String... words) {
        return new Definition(
                values, List.of(words), absent, meaning, aliases, mayBeFile, elsewhere);
    }

    /**
     * The choice that a text stands for, in any case of letters.
     *
     * @throws InvalidValueException it is none of them
     */
    String choice(String text) throws InvalidValueException {
        String word = text.toLowerCase(Locale.ROOT);
        if (choices.equals(FLAG)) {
            word =
                    switch (word) {
                        case "1", "yes", "on" -> "true";
                        case "0", "no", "off" -> "false";
                        default -> word;
                    };
        }
        if (!choices.contains(word)) {
            throw new InvalidValueException(
                    Quoted.of(text) + " is not one of " + String.join(", ", choices));
        }
        return word;
    }

    Definition absent(String value) {
        return new Definition(values, choices, value, meaning, aliases, mayBeFile, elsewhere);
    }

    Definition alias(String... names) {
        return new Definition(
                values, choices, absent, meaning, List.of(names), mayBeFile, elsewhere);
    }

    Definition orFile() {
        return new Definition(values, choices, absent, meaning, aliases, true, elsewhere);
    }

    Definition elsewhere(ForeignName.Program program, String... names) {
        List<ForeignName> more = new ArrayList<>(elsewhere);
        for (String name : names) {
            more.add(new ForeignName(program, name));
        }
        return new Definition(values, choices, absent, meaning, aliases, mayBeFile, more);
    }
}
