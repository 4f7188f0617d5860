package dev.culvert.killswitch;

import dev.culvert.killswitch.nftables.Nftables;
import dev.culvert.killswitch.nftables.NftablesException;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.ruleset.Layers;
import dev.culvert.killswitch.ruleset.PolicyCompiler;
import dev.culvert.killswitch.ruleset.Reason;
import dev.culvert.killswitch.ruleset.Ruleset;
import dev.culvert.killswitch.ruleset.Tally;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kill switch of the network namespace that the calling thread is in. One instance for the life
 * of the process; the kernel holds the rules, so they outlive it. Calls block for some
 * milliseconds. Thread-safe.
 */
public final class KillSwitch {
    private static final Pattern PASSAGE = Pattern.compile("meta mark set (0x0*[1-9a-f][0-9a-f]*)");

    private final Strictness strictness;
    private final PolicyCompiler compiler;

    private @Nullable Ruleset applied;
    private Layers layers = Layers.L1;

    public KillSwitch(Strictness strictness) {
        this(strictness, new SecureRandom());
    }

    KillSwitch(Strictness strictness, RandomGenerator random) {
        this.strictness = strictness;
        this.compiler = new PolicyCompiler(random.nextInt(1, Integer.MAX_VALUE));
    }

    /**
     * Puts the rules of a policy in place of those that are there, in one transaction, and reads
     * them back. With raw sockets held back if an uplink is named and the kernel can do it (5.16).
     *
     * @return what was reached; with {@link Strictness#OFF} nothing, and nothing was done
     * @throws KillSwitchException if {@link Strictness#STRICT} and less than L1 was reached: what
     *     was there before is there still
     */
    public synchronized Protection apply(Policy policy) throws KillSwitchException {
        if (strictness == Strictness.OFF) {
            return off();
        }
        Ruleset ruleset = compiler.compile(policy);
        Map<Reason, Tally> carried;
        try {
            carried = LiveRules.read().heldBack();
        } catch (NftablesException refused) {
            return withoutRules(refused);
        }
        Optional<String> withoutL2 = tryBothLayers(ruleset, carried);
        if (withoutL2.isEmpty()) {
            return verified(ruleset, Layers.L1_AND_L2, new Protection(Level.L2, List.of()));
        }
        try {
            Nftables.run(ruleset.transaction(Layers.L1, carried));
        } catch (NftablesException refused) {
            return withoutRules(refused);
        }
        return verified(
                ruleset,
                Layers.L1,
                new Protection(
                        Level.L1,
                        List.of("raw sockets (AF_PACKET) are not held back: " + withoutL2.get())));
    }

    /**
     * Rules of an earlier run would keep the tunnel from working: whoever wonders shall know why.
     */
    private static Protection off() {
        try {
            if (LiveRules.read().level() != Level.NONE) {
                return new Protection(
                        Level.NONE,
                        List.of(
                                "the kill switch is off, but earlier rules are in force: culvert disarm removes them"));
            }
        } catch (NftablesException unknown) {
            // Nothing was asked for that would need them.
        }
        return new Protection(Level.NONE, List.of("the kill switch is off"));
    }

    /** Empty: both layers are in force. Otherwise why not. */
    private Optional<String> tryBothLayers(Ruleset ruleset, Map<Reason, Tally> carried) {
        if (ruleset.egress().isEmpty()) {
            return Optional.of("no uplink is known");
        }
        try {
            Nftables.run(ruleset.transaction(Layers.L1_AND_L2, carried));
            return Optional.empty();
        } catch (NftablesException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    private Protection withoutRules(NftablesException refused) throws KillSwitchException {
        if (strictness == Strictness.STRICT) {
            throw new KillSwitchException(
                    "no kill switch: "
                            + refused.getMessage()
                            + ". KILLSWITCH=strict does not run without it.",
                    refused);
        }
        return new Protection(Level.NONE, List.of("no kill switch: " + refused.getMessage()));
    }

    private Protection verified(Ruleset ruleset, Layers reached, Protection protection)
            throws KillSwitchException {
        List<String> differences = Verification.differences(ruleset, reached);
        if (!differences.isEmpty()) {
            throw new KillSwitchException(
                    "the kernel has other rules than it was given: "
                            + String.join("; ", differences));
        }
        applied = ruleset;
        layers = reached;
        return protection;
    }

    /**
     * Whether the rules are still there as they were applied last.
     *
     * @return one line for each difference
     */
    public synchronized List<String> verify() {
        return applied == null
                ? List.of("nothing was applied yet")
                : Verification.differences(applied, layers);
    }

    /**
     * What is in force now, and what was held back.
     *
     * @throws KillSwitchException if the kernel cannot be asked
     */
    public static KillSwitchStatus status() throws KillSwitchException {
        try {
            return LiveRules.read();
        } catch (NftablesException refused) {
            throw new KillSwitchException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /**
     * The rules in force as {@code nft list} shows them, without the mark by which L2 knows what L1
     * has let pass.
     *
     * @throws KillSwitchException if there are none, or the kernel cannot be asked
     */
    public static String listing() throws KillSwitchException {
        try {
            String rules = Nftables.list("list table inet " + Ruleset.TABLE);
            if (Nftables.list("list tables").contains("netdev " + Ruleset.TABLE)) {
                rules += Nftables.list("list table netdev " + Ruleset.TABLE);
            }
            Matcher passage = PASSAGE.matcher(rules);
            return passage.find() ? rules.replace(passage.group(1), "(hidden)") : rules;
        } catch (NftablesException refused) {
            throw new KillSwitchException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /**
     * Removes all rules: from here on everything may leave. No error if there are none.
     *
     * @throws KillSwitchException if the kernel refuses
     */
    public static void disarm() throws KillSwitchException {
        try {
            Nftables.run(Ruleset.removal());
        } catch (NftablesException refused) {
            throw new KillSwitchException(
                    "the rules are still there: " + refused.getMessage(), refused);
        }
    }
}
