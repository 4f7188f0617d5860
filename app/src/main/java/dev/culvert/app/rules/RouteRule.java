package dev.culvert.app.rules;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.ConfigProblem;
import dev.culvert.app.config.SidecarVariable;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes by which tunnel, and who may talk to whom across tunnels. */
public sealed interface RouteRule {
    /** The variable. */
    String SOURCE = SidecarVariable.ROUTE_RULES.name();

    /**
     * {@code 192.168.99.0/24 via wg3 backup wg2}.
     *
     * @param words the names of links, as they stand in the variable: the first that answers is the
     *     way; at least one
     */
    record Via(IpPrefix destination, List<Word> words) implements RouteRule {
        /** The names of the links. */
        public List<String> links() {
            return words.stream().map(Word::text).toList();
        }

        /** Where the rule names a link. */
        public Optional<Word> word(String link) {
            return words.stream().filter(word -> word.text().equals(link)).findFirst();
        }
    }

    /** {@code from 10.8.0.0/24 to 10.9.0.0/24 allow}: connections, with their answers. */
    record Allow(IpPrefix from, IpPrefix to) implements RouteRule {}

    /**
     * Reads the variable's text.
     *
     * <pre>
     * rules = rule { ";" rule }
     * rule  = network "via" link { "backup" link }
     *       | "from" network "to" network "allow"
     * </pre>
     *
     * @param links that there are: a rule may name these alone
     * @throws ConfigException with the first mistake of each rule
     */
    static List<RouteRule> parse(String text, List<String> links) throws ConfigException {
        List<RouteRule> rules = new ArrayList<>();
        List<ConfigProblem> problems = new ArrayList<>();
        for (RuleScanner scanner : RuleScanner.rules(SOURCE, text)) {
            try {
                rules.add(
                        scanner.accept("from")
                                ? allow(scanner)
                                : via(scanner, links, List.copyOf(rules)));
            } catch (ConfigException invalid) {
                problems.addAll(invalid.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return List.copyOf(rules);
    }

    private static Allow allow(RuleScanner scanner) throws ConfigException {
        IpPrefix from = scanner.prefix("10.8.0.0/24");
        scanner.expect("to");
        Word toWord = scanner.peek();
        IpPrefix to = scanner.prefix("10.9.0.0/24");
        if (from.family() != to.family()) {
            throw scanner.wrong(toWord, "IPv4 on one side and IPv6 on the other do not meet");
        }
        scanner.expect("allow");
        scanner.end();
        return new Allow(from, to);
    }

    private static Via via(RuleScanner scanner, List<String> links, List<RouteRule> before)
            throws ConfigException {
        Word first = scanner.peek();
        IpPrefix destination = scanner.prefix("192.168.99.0/24 (or \"from\")");
        boolean twice =
                before.stream()
                        .anyMatch(rule ->
                                rule instanceof Via via && via.destination().equals(destination));
        if (twice) {
            throw scanner.wrong(first, "has a rule already");
        }
        scanner.expect("via");
        List<Word> ways = new ArrayList<>();
        do {
            Word word = scanner.peek();
            String link = scanner.link();
            if (!links.contains(link)) {
                throw scanner.wrong(
                        word,
                        "there is no such tunnel, there "
                                + (links.size() == 1 ? "is " : "are ")
                                + String.join(", ", links));
            }
            if (ways.stream().anyMatch(way -> way.text().equals(link))) {
                throw scanner.wrong(word, "stands in this rule already");
            }
            ways.add(word);
        } while (scanner.accept("backup"));
        scanner.end();
        return new Via(destination, List.copyOf(ways));
    }
}
