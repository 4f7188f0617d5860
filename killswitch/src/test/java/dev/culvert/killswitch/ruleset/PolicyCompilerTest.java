package dev.culvert.killswitch.ruleset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Policy;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyCompilerTest {
    private static final int PASSAGE = 0x1234567;

    private static Policies over(Exemptions exemptions) {
        Uplink uplink =
                new Uplink(
                        "eth0",
                        2,
                        List.of(LinkAddress.parse("10.0.0.2/24"), LinkAddress.parse("fd77::2/64")),
                        List.of(Subnet.parseAddress("10.0.0.1")));
        TunnelLink tunnel = new TunnelLink("wg0", 7, List.of(Subnet.parseAddress("10.77.0.2")));
        return new Policies(List.of(uplink), exemptions, tunnel);
    }

    static List<Policy> everything() {
        return over(Policies.MANY).all();
    }

    private static String text(Policy policy) {
        return new PolicyCompiler(PASSAGE).compile(policy).transaction(Layers.L1_AND_L2, Map.of());
    }

    @ParameterizedTest
    @MethodSource("everything")
    void dropsOnEveryHookWhatItsRulesDoNotLetPass(Policy policy) {
        assertEquals(4, text(policy).split("policy drop;", -1).length - 1);
        assertFalse(text(policy).contains("policy accept"));
    }

    /** Tables with an owner vanish with its process: the switch would open when it is killed. */
    @ParameterizedTest
    @MethodSource("everything")
    void threat1TablesBelongToNoProcess(Policy policy) {
        assertFalse(text(policy).contains("owner"));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void givesTheSameTextForTheSamePolicy(Policy policy) {
        assertEquals(text(policy), text(policy));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void threat4TakesNoConnectionForEstablishedWithoutItsDirection(Policy policy) {
        assertTrue(
                text(policy)
                        .lines()
                        .filter(line -> line.contains("established"))
                        .allMatch(line -> line.contains("ct direction")));
    }

    @Test
    void dockersResolverComesBeforeLoopbackAndDnsBeforeTheLocalNetwork() {
        List<String> output =
                new PolicyCompiler(PASSAGE)
                                .compile(over(Policies.MANY).connected())
                                .sockets()
                                .getFirst()
                                .rules()
                                .stream()
                                .map(Rule::name)
                                .toList();
        assertTrue(output.indexOf("docker-resolver") < output.indexOf("loopback"));
        assertTrue(output.indexOf("listed dns") < output.indexOf("dns"));
        assertTrue(output.indexOf("dns") < output.indexOf("lan"));
        assertTrue(output.indexOf("own-mark") < output.indexOf("lan"));
        assertEquals("off-tunnel", output.getLast());
    }

    @Test
    void statesWithoutAFlowOfTheirOwnKnowNoMarkAndNoEndpoint() {
        for (Policy closed : List.of(over(Policies.MANY).armed(), over(Policies.MANY).failed())) {
            assertFalse(text(closed).contains(Integer.toHexString(Policies.MARK)));
            assertFalse(text(closed).contains("51820"));
        }
    }

    @Test
    void strangersMayCallTheListenPortWithWireguardMessagesAlone() {
        String text = text(over(Exemptions.NONE).serving());
        List<String> rules =
                text.lines().filter(line -> line.contains("51821")).map(String::strip).toList();
        assertEquals(3, rules.size(), text);
        String message = " @th,64,8 0x1-0x4 @th,72,24 0x0";
        assertTrue(rules.get(0).contains("mark 0xca6c udp sport { 51821 }" + message), text);
        assertTrue(rules.get(1).contains("udp dport { 51821 }" + message), text);
        assertTrue(rules.get(2).contains("meta mark 0x1234567 udp sport { 51821 }"), text);
        assertFalse(text.contains(" ct "), "no connection is tracked");
    }

    @Test
    void mergesOverlappingNetworksAndPorts() {
        String text = text(over(Policies.MANY).connected());
        assertTrue(text.contains("ip daddr { 192.168.0.0/16 }"), text);
        assertFalse(text.contains("192.168.7.0/24"));
        assertTrue(text.contains("{ 6881-6890, 8080 }"));
    }

    @Test
    void withoutExemptionsTracksNoConnection() {
        assertFalse(text(over(Exemptions.NONE).connected()).contains(" ct "));
    }

    @Test
    void onlyWhatBearsTheMarkOfL1PassesL2ButArp() {
        BaseChain egress =
                new PolicyCompiler(PASSAGE)
                        .compile(over(Policies.MANY).connected())
                        .egress()
                        .orElseThrow();
        for (Rule rule : egress.rules()) {
            boolean marked = rule.match().startsWith("meta mark 0x1234567 ");
            assertEquals(
                    rule.verdict() == Verdict.ACCEPT && !rule.name().equals("arp"),
                    marked,
                    rule.toString());
        }
    }
}
