package dev.culvert.killswitch.ruleset;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A policy in rules: L1, the table {@code inet culvert} with the chains for sockets, and L2, the
 * table {@code netdev culvert} with the chain that sees every frame on its way out, of raw sockets
 * too.
 *
 * @param state of the policy; it stands in the table as the name of a chain without rules
 * @param sets what the chains look packets up in, each as text
 * @param translations chains of the kernel's own address translation, each as text
 * @param egress absent if no uplink is known
 */
public record Ruleset(
        String state,
        List<String> sets,
        List<BaseChain> sockets,
        List<String> translations,
        Optional<BaseChain> egress) {
    public static final String TABLE = "culvert";
    private static final String STATE_PREFIX = "state-";

    /** Hooks see a packet after destination NAT (-100), as it will leave. */
    private static final int PRIORITY = 0;

    public Ruleset {
        sets = List.copyOf(sets);
        sockets = List.copyOf(sockets);
        translations = List.copyOf(translations);
    }

    /** The state that such a chain tells, or nothing if it is another chain. */
    public static Optional<String> stateOf(String chain) {
        return chain.startsWith(STATE_PREFIX)
                ? Optional.of(chain.substring(STATE_PREFIX.length()))
                : Optional.empty();
    }

    /** The name of the chain that tells the state. */
    public String stateChain() {
        return STATE_PREFIX + state;
    }

    /**
     * The one transaction that replaces whatever was there; never anything in between. Without the
     * flag {@code owner}: the tables shall outlive the process.
     *
     * @param layers L1 alone leaves a table {@code netdev culvert} as it is
     * @param carried what the counters start with
     */
    public String transaction(Layers layers, Map<Reason, Tally> carried) {
        StringBuilder text = new StringBuilder();
        replace(text, "inet");
        boolean both = layers == Layers.L1_AND_L2 && egress.isPresent();
        if (both) {
            replace(text, "netdev");
        }
        text.append("table inet ").append(TABLE).append(" {\n");
        text.append("    chain ").append(stateChain()).append(" {\n    }\n");
        counters(text, EnumSet.complementOf(EnumSet.of(Reason.RAW)), carried);
        appendSets(text);
        sockets.forEach(chain -> chain(text, chain));
        translations.forEach(text::append);
        text.append("}\n");
        if (both) {
            BaseChain chain = egress.orElseThrow();
            text.append("table netdev ").append(TABLE).append(" {\n");
            counters(text, EnumSet.of(Reason.RAW), carried);
            appendSets(text);
            chain(text, chain);
            text.append("}\n");
        }
        return text.toString();
    }

    /** Removes what {@link #transaction} has put there; no error if there is nothing. */
    public static String removal() {
        StringBuilder text = new StringBuilder();
        replace(text, "inet");
        replace(text, "netdev");
        return text.toString();
    }

    /** {@code delete} fails if there is no table, so it is added first. */
    private static void replace(StringBuilder text, String family) {
        String table = " table " + family + " " + TABLE + "\n";
        text.append("add").append(table).append("delete").append(table);
    }

    /** Also those that no rule of this state counts with: what they hold shall not be lost. */
    private static void counters(
            StringBuilder text, Collection<Reason> reasons, Map<Reason, Tally> carried) {
        for (Reason reason : reasons) {
            Tally start = carried.getOrDefault(reason, Tally.ZERO);
            text.append("    counter ")
                    .append(reason.label())
                    .append(" { packets ")
                    .append(start.packets())
                    .append(" bytes ")
                    .append(start.bytes())
                    .append(" }\n");
        }
    }

    private void appendSets(StringBuilder text) {
        sets.forEach(set -> text.append("    ").append(set).append('\n'));
    }

    private static void chain(StringBuilder text, BaseChain chain) {
        text.append("    chain ").append(chain.name()).append(" {\n        type filter hook ");
        text.append(chain.hook());
        if (!chain.devices().isEmpty()) {
            text.append(" devices = ").append(devices(chain.devices()));
        }
        text.append(" priority ").append(PRIORITY).append("; policy drop;\n");
        chain.rules().forEach(rule -> text.append("        ").append(rule.text()).append('\n'));
        text.append("    }\n");
    }

    /** Names in a set, or one variable that stands for it. */
    private static String devices(List<String> devices) {
        if (devices.getFirst().startsWith("$")) {
            return devices.getFirst();
        }
        return "{ \"" + String.join("\", \"", devices) + "\" }";
    }
}
