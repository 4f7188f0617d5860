package dev.culvert.killswitch.ruleset;

import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Uplink;
import java.util.List;
import java.util.Optional;

/** Turns a policy into rules. The same policy gives the same rules, to the letter. */
public final class PolicyCompiler {
    private final int passageMark;

    /**
     * @param passageMark what L1 marks the packets with that it lets pass, for L2 to know them by.
     *     Random: a raw socket that could send with it would still get past L1, and from there only
     *     to the addresses that the policy allows. Stays the same for the life of the process, so
     *     that packets between the layers survive a change of rules.
     */
    public PolicyCompiler(int passageMark) {
        if (passageMark == 0) {
            throw new IllegalArgumentException("0 is the mark of all packets");
        }
        this.passageMark = passageMark;
    }

    /** L1 for every link, L2 for the uplinks that the policy names. */
    public Ruleset compile(Policy policy) {
        List<PinholeSet> pinholes = PinholeSet.of(policy.pinhole());
        Passage passage = policy.uplinks().isEmpty() ? Passage.NONE : Passage.marked(passageMark);
        return new Ruleset(
                policy.state(),
                pinholes.stream().map(PinholeSet::text).toList(),
                List.of(
                        new OutputRules(policy, pinholes, passage).chain(),
                        new ForwardRules(policy, passage).chain(),
                        new InputRules(policy, pinholes).chain()),
                new TranslationRules(policy).chains(),
                policy.uplinks().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new EgressRules(policy, pinholes, passage)
                                        .chain(
                                                policy.uplinks().stream()
                                                        .map(Uplink::name)
                                                        .toList())));
    }
}
