package dev.culvert.app.rules;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.InvalidValueException;
import dev.culvert.app.config.IpText;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule of a variable, word by word. Rules are separated by semicolons or line ends, words by
 * blanks; letters of any case are the same in keywords.
 *
 * <pre>
 * for (RuleScanner rule : RuleScanner.rules("ROUTE_RULES", text)) {
 *     IpPrefix destination = rule.prefix("192.168.99.0/24");
 *     rule.expect("via");
 *     String link = rule.link();
 *     rule.end();
 * }
 * </pre>
 */
public final class RuleScanner {
    private final String source;
    private final String rule;

    /** In the variable, of the rule's first character, from 0 on. */
    private final int start;

    private int at;

    private RuleScanner(String source, String rule, int start) {
        this.source = source;
        this.rule = rule;
        this.start = start;
    }

    /**
     * The rules of a variable; empty ones are skipped.
     *
     * @param source the variable's name
     */
    public static List<RuleScanner> rules(String source, String text) {
        List<RuleScanner> rules = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ';' || text.charAt(i) == '\n') {
                String rule = text.substring(start, i);
                if (!rule.isBlank()) {
                    rules.add(new RuleScanner(source, rule, start));
                }
                start = i + 1;
            }
        }
        return rules;
    }

    /** The next word, which stays. */
    public Word peek() {
        int from = at;
        while (from < rule.length() && Character.isWhitespace(rule.charAt(from))) {
            from++;
        }
        int to = from;
        while (to < rule.length() && !Character.isWhitespace(rule.charAt(to))) {
            to++;
        }
        return new Word(rule.substring(from, to), start + from + 1);
    }

    /** The next word. */
    public Word next() {
        Word word = peek();
        at = word.position() - 1 - start + word.text().length();
        return word;
    }

    /** Takes the keyword if it is next. */
    public boolean accept(String keyword) {
        if (!peek().text().equalsIgnoreCase(keyword)) {
            return false;
        }
        next();
        return true;
    }

    /** Takes the keyword, which has to be next. */
    public void expect(String keyword) throws ConfigException {
        if (!accept(keyword)) {
            throw wrong(peek(), "\"" + keyword + "\" has to stand here");
        }
    }

    /** The rule has to end here. */
    public void end() throws ConfigException {
        if (!peek().isEnd()) {
            throw wrong(peek(), "the rule should end here: a semicolon stands between rules");
        }
    }

    /**
     * A network, without host bits.
     *
     * @param example for the message
     */
    public IpPrefix prefix(String example) throws ConfigException {
        Word word = next();
        if (word.isEnd()) {
            throw wrong(word, "a network has to stand here, such as " + example);
        }
        try {
            return IpText.masked(IpText.prefix(word.text(), example));
        } catch (InvalidValueException invalid) {
            throw new ConfigException(
                    List.of(
                            new ConfigProblem(
                                    source, 0, "character " + word.position(), invalid.reason())));
        }
    }

    /** The name of a link. */
    public String link() throws ConfigException {
        Word word = next();
        if (!ConfigLoader.isInterfaceName(word.text())) {
            throw wrong(
                    word, "the name of an interface has to stand here: " + ConfigLoader.NAME_RULE);
        }
        return word.text();
    }

    /** What to throw when a word cannot stand where it stands. */
    public ConfigException wrong(Word word, String right) {
        return new ConfigException(List.of(word.problem(source, right)));
    }
}
