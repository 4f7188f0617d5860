package dev.culvert.killswitch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class KillSwitchTest {
    private final KillSwitch killSwitch = new KillSwitch(Strictness.STRICT);
    private NetworkNamespace inside;
    private NetworkNamespace outside;
    private Policies policies;

    @BeforeEach
    void connect() throws Exception {
        inside = NetworkNamespace.create("ks");
        outside = NetworkNamespace.create("ks");
        Veth veth = Veth.connect(inside, "10.0.0.2/24", outside, "10.0.0.1/24");
        veth.addAddresses("fd77::2/64", "fd77::1/64");
        policies =
                new Policies(
                        List.of(
                                new Uplink(
                                        veth.leftLink(),
                                        ifindex(veth.leftLink()),
                                        List.of(
                                                LinkAddress.parse("10.0.0.2/24"),
                                                LinkAddress.parse("fd77::2/64")),
                                        List.of(Subnet.parseAddress("10.0.0.1")))),
                        Policies.MANY,
                        new TunnelLink(
                                "wg0",
                                77,
                                List.of(
                                        Subnet.parseAddress("10.77.0.2"),
                                        Subnet.parseAddress("fd10::2"))));
    }

    private int ifindex(String link) {
        return Integer.parseInt(inside.run("cat", "/sys/class/net/" + link + "/ifindex").strip());
    }

    @AfterEach
    void disconnect() {
        inside.close();
        outside.close();
    }

    @Test
    void appliesAndVerifiesEachState() throws Exception {
        for (Policies each : List.of(policies, withoutExemptions())) {
            for (Policy policy : each.all()) {
                Protection protection = inside.callInside(() -> killSwitch.apply(policy));
                assertEquals(new Protection(Level.L2, List.of()), protection);
                assertEquals(List.of(), inside.callInside(killSwitch::verify));
                KillSwitchStatus status = inside.callInside(KillSwitch::status);
                assertEquals(Level.L2, status.level());
                assertEquals(policy.state(), status.state());
            }
        }
    }

    @Test
    void appliesTheSameTwiceAndFromAnyStateToAnyOther() throws Exception {
        for (Policy from : policies.all()) {
            for (Policy to : policies.all()) {
                inside.callInside(() -> killSwitch.apply(from));
                inside.callInside(() -> killSwitch.apply(to));
                assertEquals(to.state(), inside.callInside(KillSwitch::status).state());
            }
        }
    }

    @Test
    void noticesRulesThatSomebodyElseChanged() throws Exception {
        inside.callInside(() -> killSwitch.apply(policies.connected()));
        inside.run("nft", "insert rule inet culvert output accept");
        assertFalse(inside.callInside(killSwitch::verify).isEmpty());
        inside.callInside(() -> killSwitch.apply(policies.connected()));
        inside.run("nft", "chain inet culvert forward { policy accept ; }");
        assertTrue(
                inside.callInside(killSwitch::verify)
                        .contains("the chain inet forward has the policy accept, not drop"));
        inside.callInside(() -> killSwitch.apply(policies.connected()));
        inside.run("nft", "delete table netdev culvert");
        assertFalse(inside.callInside(killSwitch::verify).isEmpty());
        assertEquals(Level.L1, inside.callInside(KillSwitch::status).level());
    }

    @Test
    void disarmRemovesAllAndMayBeCalledTwice() throws Exception {
        inside.callInside(() -> killSwitch.apply(policies.connected()));
        inside.runInside(KillSwitch::disarm);
        inside.runInside(KillSwitch::disarm);
        assertEquals("", inside.run("nft", "list", "ruleset").strip());
        assertEquals("open", inside.callInside(KillSwitch::status).state());
    }

    @Test
    void leavesTablesOfOthersAlone() throws Exception {
        inside.run("nft", "add table inet other");
        inside.callInside(() -> killSwitch.apply(policies.connected()));
        inside.runInside(KillSwitch::disarm);
        assertEquals("table inet other {\n}", inside.run("nft", "list", "ruleset").strip());
    }

    @Test
    void withoutAnUplinkReachesL1AndSaysSo() throws Exception {
        Policies unknown = new Policies(List.of(), Exemptions.NONE, policies.tunnel());
        Protection protection = inside.callInside(() -> killSwitch.apply(unknown.armed()));
        assertEquals(Level.L1, protection.level());
        assertTrue(protection.warnings().getFirst().contains("no uplink is known"));
    }

    @Test
    void offMakesNoRulesAndRemovesNone() throws Exception {
        KillSwitch off = new KillSwitch(Strictness.OFF);
        Protection open = inside.callInside(() -> off.apply(policies.connected()));
        assertEquals(new Protection(Level.NONE, List.of("the kill switch is off")), open);
        assertEquals("", inside.run("nft", "list", "ruleset").strip());

        inside.callInside(() -> killSwitch.apply(policies.connected()));
        Protection still = inside.callInside(() -> off.apply(policies.connected()));
        assertTrue(still.warnings().getFirst().contains("culvert disarm removes them"));
        assertEquals(Level.L2, inside.callInside(KillSwitch::status).level());
    }

    @Test
    void countersLiveOnWhenTheRulesAreReplaced() throws Exception {
        inside.callInside(() -> killSwitch.apply(policies.connected()));
        inside.exec("ping", "-c1", "-W1", "10.0.0.1");
        KillSwitchStatus before = inside.callInside(KillSwitch::status);
        inside.callInside(() -> killSwitch.apply(policies.failed()));
        KillSwitchStatus after = inside.callInside(KillSwitch::status);
        // The kernel's own packets are counted too, at any time: none is less than before.
        before.heldBack()
                .forEach((reason, tally) ->
                        assertTrue(
                                Objects.requireNonNull(after.heldBack().get(reason)).packets()
                                        >= tally.packets(),
                                () -> reason + ": " + before + " -> " + after));
        assertTrue(
                before.heldBack().values().stream().anyMatch(tally -> tally.packets() > 0),
                () -> before.toString());
    }

    private Policies withoutExemptions() {
        return new Policies(policies.uplinks(), Exemptions.NONE, policies.tunnel());
    }
}
