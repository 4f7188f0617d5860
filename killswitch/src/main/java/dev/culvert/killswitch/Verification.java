package dev.culvert.killswitch;

import dev.culvert.killswitch.nftables.Listing;
import dev.culvert.killswitch.nftables.NftablesException;
import dev.culvert.killswitch.ruleset.BaseChain;
import dev.culvert.killswitch.ruleset.Layers;
import dev.culvert.killswitch.ruleset.Rule;
import dev.culvert.killswitch.ruleset.Ruleset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares what the kernel has with what was asked for. */
final class Verification {
    private Verification() {}

    /** One line for each difference; empty: the rules are in force as they should be. */
    static List<String> differences(Ruleset ruleset, Layers layers) {
        List<String> differences = new ArrayList<>();
        table(differences, "inet", ruleset.sockets());
        ruleset.egress()
                .filter(egress -> layers == Layers.L1_AND_L2)
                .ifPresent(egress -> {
                    table(differences, "netdev", List.of(egress));
                    devices(differences, egress);
                });
        return differences;
    }

    private static void table(List<String> differences, String family, List<BaseChain> expected) {
        try {
            Listing listing = Listing.read(family, Ruleset.TABLE);
            for (BaseChain chain : expected) {
                Listing.ListedChain listed = listing.chains().get(chain.name());
                if (listed == null) {
                    differences.add("the chain " + family + " " + chain.name() + " is missing");
                } else {
                    chain(differences, family, chain, listed);
                }
            }
        } catch (NftablesException missing) {
            differences.add(
                    "the table " + family + " " + Ruleset.TABLE + ": " + missing.getMessage());
        }
    }

    private static void chain(
            List<String> differences, String family, BaseChain chain, Listing.ListedChain listed) {
        String name = "the chain " + family + " " + chain.name();
        if (!chain.hook().equals(listed.hook())) {
            differences.add(name + " is not on the hook " + chain.hook());
        }
        if (!"drop".equals(listed.policy())) {
            differences.add(name + " has the policy " + listed.policy() + ", not drop");
        }
        List<String> expected = chain.rules().stream().map(Verification::essence).toList();
        List<String> found =
                listed.rules().stream()
                        .map(rule -> rule.comment() + ": " + rule.verdict())
                        .toList();
        if (!expected.equals(found)) {
            differences.add(name + " has the rules " + found + ", not " + expected);
        }
        listed.rules().stream()
                .filter(rule -> rule.verdict().equals("accept") && rule.statements() < 2)
                .forEach(rule -> differences.add(name + " accepts everything: " + rule.comment()));
    }

    private static void devices(List<String> differences, BaseChain egress) {
        try {
            Set<String> found = Listing.egressDevices(Ruleset.TABLE);
            Set<String> expected = new TreeSet<>(egress.devices());
            if (!found.equals(expected)) {
                differences.add("the chain netdev egress is on " + found + ", not " + expected);
            }
        } catch (NftablesException missing) {
            differences.add(String.valueOf(missing.getMessage()));
        }
    }

    private static String essence(Rule rule) {
        return rule.name() + ": " + rule.verdict().text();
    }
}
