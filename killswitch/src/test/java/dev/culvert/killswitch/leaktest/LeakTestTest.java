package dev.culvert.killswitch.leaktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.Strictness;
import dev.culvert.killswitch.leaktest.LeakResult.Verdict;
import dev.culvert.killswitch.policy.Armed;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The test that users run in the living namespace. */
@Tag("netns")
@Tag("leaktest")
class LeakTestTest {
    private UplinkLab lab;
    private Policies policies;

    @BeforeEach
    void open() {
        lab = new UplinkLab();
        policies = lab.policies(Exemptions.NONE);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Map<Vector, Verdict> run(Identity user) throws Exception {
        List<LeakResult> results =
                lab.inside.callInside(() -> {
                    user.assume();
                    return LeakTest.run(policies.uplinks(), Policies.MARK);
                });
        return results.stream().collect(Collectors.toMap(LeakResult::vector, LeakResult::verdict));
    }

    private void apply(Policy policy) throws Exception {
        lab.inside.callInside(() -> new KillSwitch(Strictness.STRICT).apply(policy));
    }

    @Test
    void findsNothingWhileTheSwitchIsClosed() throws Exception {
        for (Policy policy : policies.all()) {
            apply(policy);
            run(Identity.ROOT)
                    .forEach((vector, verdict) ->
                            assertEquals(Verdict.HELD_BACK, verdict, vector.toString()));
        }
    }

    @Test
    void findsEveryVectorOpenWithoutTheSwitch() throws Exception {
        run(Identity.ROOT)
                .forEach((vector, verdict) ->
                        assertEquals(Verdict.LEAKED, verdict, vector.toString()));
    }

    @Test
    void triesPingsWithRawSocketsWhereThereAreNoOthers() throws Exception {
        lab.inside.sysctl("net.ipv4.ping_group_range", "\"1 0\"");
        run(Identity.ROOT)
                .forEach((vector, verdict) ->
                        assertEquals(Verdict.LEAKED, verdict, vector.toString()));
    }

    @Test
    void findsRawFramesWhereOnlySocketsAreHeldBack() throws Exception {
        apply(new Armed(List.of(), Exemptions.NONE));
        run(Identity.ROOT)
                .forEach((vector, verdict) ->
                        assertEquals(
                                vector.socket().takesFrames() ? Verdict.LEAKED : Verdict.HELD_BACK,
                                verdict,
                                vector.toString()));
    }

    @Test
    void saysWhatAnOrdinaryUserCannotTry() throws Exception {
        apply(policies.connected());
        run(Identity.USER_WITH_NET_ADMIN)
                .forEach((vector, verdict) -> {
                    boolean raw =
                            vector.socket().takesFrames() || vector.socket() == SocketKind.RAW_IP;
                    assertEquals(
                            raw ? Verdict.NOT_POSSIBLE : Verdict.HELD_BACK,
                            verdict,
                            vector.toString());
                });
    }

    @Test
    void leavesNoTableBehind() throws Exception {
        run(Identity.ROOT);
        assertEquals("", lab.inside.run("nft", "list", "ruleset"));
    }

    @Test
    void provesNothingIfItMayNotWatch() {
        String message =
                String.valueOf(
                        assertThrows(LeakTestException.class, () -> run(Identity.USER))
                                .getMessage());
        assertTrue(message.contains("the uplinks cannot be watched"), message);
    }
}
