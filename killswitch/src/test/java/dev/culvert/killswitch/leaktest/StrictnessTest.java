package dev.culvert.killswitch.leaktest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.killswitch.Level;
import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.Protection;
import dev.culvert.killswitch.Strictness;
import dev.culvert.killswitch.policy.Armed;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Uplink;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where less can be had than asked for. */
@Tag("netns")
@Tag("leaktest")
class StrictnessTest {
    private UplinkLab lab;

    @BeforeEach
    void open() {
        lab = new UplinkLab();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Protection apply(Strictness strictness, Identity user, Policy policy) throws Exception {
        return lab.inside.callInside(() -> {
            user.assume();
            return new KillSwitch(strictness).apply(policy);
        });
    }

    @Test
    void capNetAdminIsEnoughForAnOrdinaryUser() throws Exception {
        Policy policy = lab.policies(Policies.MANY).connected();
        assertEquals(
                new Protection(Level.L2, List.of()),
                apply(Strictness.STRICT, Identity.USER_WITH_NET_ADMIN, policy));
        lab.inside.runInside(() -> {
            Identity.USER_WITH_NET_ADMIN.assume();
            KillSwitch.disarm();
        });
        assertEquals("", lab.inside.run("nft", "list", "ruleset"));
    }

    @Nested
    class WithoutCapNetAdmin {
        @Test
        void strictRefusesAndSaysWhatIsMissing() {
            String message =
                    String.valueOf(
                            assertThrows(
                                            KillSwitchException.class,
                                            () -> apply(Strictness.STRICT, Identity.USER, armed()))
                                    .getMessage());
            assertTrue(message.contains("CAP_NET_ADMIN is missing"), message);
            assertEquals(1, message.lines().count());
        }

        @Test
        void bestEffortWarns() throws Exception {
            Protection protection = apply(Strictness.BEST_EFFORT, Identity.USER, armed());
            assertEquals(Level.NONE, protection.level());
            assertTrue(protection.warnings().getFirst().contains("CAP_NET_ADMIN is missing"));
        }
    }

    @Nested
    class WithoutNfTables {
        @Test
        void strictRefusesAndSaysWhatIsMissing() {
            KillSwitch killSwitch = new KillSwitch(Strictness.STRICT);
            String message =
                    String.valueOf(
                            assertThrows(
                                            KillSwitchException.class,
                                            () ->
                                                    lab.inside.runInside(() -> {
                                                        NoNfTables.pretend();
                                                        killSwitch.apply(armed());
                                                    }))
                                    .getMessage());
            assertTrue(message.contains("the kernel has no nf_tables"), message);
            assertEquals(1, message.lines().count());
        }

        @Test
        void bestEffortWarns() throws Exception {
            KillSwitch killSwitch = new KillSwitch(Strictness.BEST_EFFORT);
            Protection protection =
                    lab.inside.callInside(() -> {
                        NoNfTables.pretend();
                        return killSwitch.apply(armed());
                    });
            assertEquals(Level.NONE, protection.level());
            assertTrue(protection.warnings().getFirst().contains("no nf_tables"));
        }
    }

    /** As on a kernel before 5.16 L2 is refused: here for more links than a chain can hang on. */
    @Test
    void strictContentsItselfWithL1AndWarnsOfRawSockets() throws Exception {
        List<Uplink> tooMany =
                IntStream.rangeClosed(1, 300)
                        .mapToObj(i -> new Uplink("eth" + i, i, List.of(), List.of()))
                        .toList();
        Policy policy = new Armed(tooMany, Exemptions.NONE);
        Protection protection = apply(Strictness.STRICT, Identity.ROOT, policy);
        assertEquals(Level.L1, protection.level());
        assertTrue(protection.warnings().getFirst().startsWith("raw sockets (AF_PACKET) are not"));
        assertEquals(1, lab.inside.exec("ping", "-c1", "-W1", UplinkLab.OUTSIDE_V4).exitCode());
    }

    private Policy armed() {
        return lab.policies(Exemptions.NONE).armed();
    }
}
