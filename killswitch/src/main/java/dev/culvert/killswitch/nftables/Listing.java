package dev.culvert.killswitch.nftables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A table as the kernel has it. */
public record Listing(Map<String, ListedChain> chains, Map<String, ListedCounter> counters) {
    private static final Pattern DEVICES =
            Pattern.compile("hook egress devices? =? ?(?:\\{ ([^}]*) \\}|(\\S+)) priority");

    /**
     * A chain; a name alone is no base chain.
     *
     * @param hook null: not on a hook
     * @param policy null: not on a hook
     */
    public record ListedChain(
            @Nullable String hook, @Nullable String policy, List<ListedRule> rules) {}

    /**
     * A rule, as far as it can be compared.
     *
     * @param verdict as {@code accept}, {@code drop}, {@code reject with tcp reset}; empty: none
     * @param statements the number of matches and statements
     */
    public record ListedRule(String comment, String verdict, int statements) {}

    /** What was counted. */
    public record ListedCounter(long packets, long bytes) {}

    /**
     * The tables there are, as {@code inet culvert}.
     *
     * @throws NftablesException if the kernel cannot be asked
     */
    public static Set<String> tables() throws NftablesException {
        Set<String> tables = new TreeSet<>();
        for (Object element :
                list(map(Json.read(Nftables.listJson("list tables"))).get("nftables"))) {
            if (map(element).get("table") instanceof Map<?, ?> table) {
                tables.add(string(table, "family") + " " + string(table, "name"));
            }
        }
        return tables;
    }

    /**
     * Reads a table.
     *
     * @throws NftablesException if there is none
     */
    public static Listing read(String family, String table) throws NftablesException {
        Object json = Json.read(Nftables.listJson("list table " + family + " " + table));
        Map<String, ListedChain> chains = new HashMap<>();
        Map<String, ListedCounter> counters = new HashMap<>();
        for (Object element : list(map(json).get("nftables"))) {
            Map<?, ?> object = map(element);
            if (object.get("chain") instanceof Map<?, ?> chain) {
                chains.put(
                        string(chain, "name"),
                        new ListedChain(
                                (String) chain.get("hook"),
                                (String) chain.get("policy"),
                                new ArrayList<>()));
            } else if (object.get("counter") instanceof Map<?, ?> counter) {
                counters.put(
                        string(counter, "name"),
                        new ListedCounter(number(counter, "packets"), number(counter, "bytes")));
            } else if (object.get("rule") instanceof Map<?, ?> rule) {
                ListedChain chain = chains.get(string(rule, "chain"));
                if (chain != null) {
                    chain.rules().add(rule(rule));
                }
            }
        }
        return new Listing(chains, counters);
    }

    /**
     * The links that the egress chain of a netdev table hangs on. The JSON listing leaves them out.
     *
     * @throws NftablesException if there is no such table
     */
    public static Set<String> egressDevices(String table) throws NftablesException {
        String text = Nftables.list("list table netdev " + table);
        Matcher matcher = DEVICES.matcher(text);
        Set<String> devices = new TreeSet<>();
        while (matcher.find()) {
            String names = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            for (String name : names.split(",", -1)) {
                devices.add(name.strip().replace("\"", ""));
            }
        }
        return devices;
    }

    /**
     * The elements of a set of single values.
     *
     * @throws NftablesException if there is no such set
     */
    public static List<String> setElements(String family, String table, String set)
            throws NftablesException {
        Object json = Json.read(Nftables.listJson("list set " + family + " " + table + " " + set));
        List<String> elements = new ArrayList<>();
        for (Object object : list(map(json).get("nftables"))) {
            for (Object element : list(map(map(object).get("set")).get("elem"))) {
                // Without attributes a value stands for itself.
                elements.add(
                        map(element).get("elem") instanceof Map<?, ?> withAttributes
                                ? string(withAttributes, "val")
                                : String.valueOf(element));
            }
        }
        return elements;
    }

    private static ListedRule rule(Map<?, ?> rule) {
        List<?> statements = list(rule.get("expr"));
        String verdict = "";
        for (Object statement : statements) {
            Map<?, ?> object = map(statement);
            if (object.containsKey("accept")) {
                verdict = "accept";
            } else if (object.containsKey("drop")) {
                verdict = "drop";
            } else if (object.get("reject") instanceof Map<?, ?> reject) {
                verdict =
                        "reject with "
                                + reject.get("type")
                                + (reject.containsKey("expr") ? " " + reject.get("expr") : "");
            }
        }
        Object comment = rule.get("comment");
        return new ListedRule(
                comment == null ? "" : comment.toString(), verdict, statements.size());
    }

    private static String string(Map<?, ?> object, String key) {
        return String.valueOf(object.get(key));
    }

    private static long number(Map<?, ?> object, String key) {
        return object.get(key) instanceof Number number ? number.longValue() : 0;
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
