package dev.culvert.datapath;

import dev.culvert.tun.netns.NetworkNamespace;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts and marks packets of a namespace with nftables. */
final class Nft {
    private static final Pattern PACKETS = Pattern.compile("counter (?:name )?packets (\\d+)");

    private final NetworkNamespace namespace;
    private int chains;

    Nft(NetworkNamespace namespace) {
        this.namespace = namespace;
        namespace.run("nft", "add", "table", "inet", "t");
    }

    /**
     * Adds a chain with one rule.
     *
     * @param hook "input", "output", ...
     * @param rule such as "udp dport 9 counter"
     * @return the chain's name
     */
    String rule(String hook, String rule) {
        return rule(hook, "filter", rule);
    }

    String rule(String hook, String priority, String rule) {
        String chain = "c" + chains++;
        namespace.run(
                "nft",
                "add chain inet t "
                        + chain
                        + " { type filter hook "
                        + hook
                        + " priority "
                        + priority
                        + "; }; add rule inet t "
                        + chain
                        + " "
                        + rule);
        return chain;
    }

    /** Takes a chain's rule away. */
    void flush(String chain) {
        namespace.run("nft", "flush", "chain", "inet", "t", chain);
    }

    /** Packets that the counter of a chain has seen. */
    long packets(String chain) {
        String listed = namespace.run("nft", "list", "chain", "inet", "t", chain);
        Matcher matcher = PACKETS.matcher(listed);
        if (!matcher.find()) {
            throw new AssertionError("no counter: " + listed);
        }
        return Long.parseLong(matcher.group(1));
    }
}
