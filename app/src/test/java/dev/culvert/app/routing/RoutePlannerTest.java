package dev.culvert.app.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.config.ConfigLoader;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.PortRange;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.RouteType;
import dev.culvert.tun.rtnetlink.Rule;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutePlannerTest {
    private static final int TUNNEL = 7;
    private static final int UPLINK = 3;
    private static final int MARK = 0xca6c;
    private static final Uplink ETH0 =
            new Uplink(
                    "eth0",
                    UPLINK,
                    List.of(LinkAddress.parse("172.18.0.2/16")),
                    List.of(InetAddress.ofLiteral("172.18.0.1")));

    @TempDir Path folder;

    private RoutePlan plan(String allowedIps, String table, Exemptions exemptions, boolean closing)
            throws Exception {
        Path file = folder.resolve("wg0.conf");
        Files.writeString(
                file,
                "[Interface]\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n"
                        + "Address = 10.9.0.2/32\nTable = "
                        + table
                        + "\n[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n"
                        + "AllowedIPs = "
                        + allowedIps
                        + "\n");
        try (TunnelConfig config =
                new ConfigLoader(folder, Map.of()).load(List.of(file.toString())).getFirst()) {
            return RoutePlanner.open(
                    config.local().table(),
                    config.peers().getFirst().allowedIps(),
                    TUNNEL,
                    MARK,
                    List.of(ETH0),
                    exemptions,
                    true,
                    true,
                    closing);
        }
    }

    private static Exemptions lan(String... subnets) {
        return new Exemptions(
                List.of(subnets).stream().map(Subnet::parse).toList(), List.of(), List.of(), false);
    }

    private static Set<Integer> families(RoutePlan plan) {
        return plan.rules().stream().map(Rule::family).collect(Collectors.toSet());
    }

    @Test
    void aDefaultRouteGetsATableWithUnreachableBehindIt() throws Exception {
        RoutePlan plan = plan("0.0.0.0/0", "auto", Exemptions.NONE, true);

        List<Route> v4 =
                plan.routes().stream()
                        .filter(route -> route.destination().equals(IpPrefix.parse("0.0.0.0/0")))
                        .toList();
        assertEquals(2, v4.size());
        assertTrue(v4.stream().allMatch(route -> route.table() == MARK));
        assertEquals(TUNNEL, v4.get(0).linkIndex());
        assertEquals(RouteType.UNREACHABLE, v4.get(1).type());
        assertTrue(
                Integer.compareUnsigned(v4.get(1).metric(), v4.get(0).metric()) > 0, "comes last");
        assertEquals(4, plan.rules().size(), "two for each family");
        assertTrue(
                plan.routes().stream()
                        .anyMatch(route ->
                                route.type() == RouteType.UNREACHABLE
                                        && route.destination().equals(IpPrefix.parse("::/0"))),
                "the other family is closed");
    }

    @Test
    void withoutAKillSwitchTheOtherFamilyIsLeftAlone() throws Exception {
        assertEquals(1, families(plan("0.0.0.0/0", "auto", Exemptions.NONE, false)).size());
        assertEquals(2, families(plan("0.0.0.0/0, ::/0", "auto", Exemptions.NONE, false)).size());
    }

    @Test
    void otherPrefixesGoIntoMain() throws Exception {
        RoutePlan plan = plan("10.0.0.0/8, fd00::/8", "auto", Exemptions.NONE, true);

        assertEquals(
                Set.of(
                        Route.overLink(IpPrefix.parse("10.0.0.0/8"), TUNNEL),
                        Route.overLink(IpPrefix.parse("fd00::/8"), TUNNEL)),
                plan.routes());
        assertTrue(plan.rules().isEmpty());
    }

    @Test
    void aNumberedTableGetsAllRoutesAndNoRules() throws Exception {
        RoutePlan plan = plan("0.0.0.0/0, 10.0.0.0/8", "1000", Exemptions.NONE, true);

        assertEquals(2, plan.routes().size());
        assertTrue(plan.routes().stream().allMatch(route -> route.table() == 1000));
        assertTrue(plan.rules().isEmpty());
        assertEquals(RoutePlan.EMPTY, plan("0.0.0.0/0", "off", Exemptions.NONE, true));
    }

    @Test
    void localNetworksGoByTheUplinksGatewayInMainAndInTheTunnelsTable() throws Exception {
        RoutePlan plan = plan("0.0.0.0/0", "auto", lan("192.168.0.0/16", "172.18.0.0/16"), true);

        Route route =
                Route.overGateway(
                                IpPrefix.parse("192.168.0.0/16"),
                                InetAddress.ofLiteral("172.18.0.1"))
                        .onLink(UPLINK);
        assertTrue(plan.routes().contains(route));
        assertTrue(plan.routes().contains(route.inTable(MARK)));
        Route connected = Route.overLink(IpPrefix.parse("172.18.0.0/16"), UPLINK);
        assertFalse(plan.routes().contains(connected), "the kernel has it in main");
        assertTrue(plan.routes().contains(connected.inTable(MARK)));
    }

    @Test
    void answersOfInboundPortsGoBackByTheirUplink() throws Exception {
        Exemptions exemptions =
                new Exemptions(List.of(), List.of(new PortRange(80, 80)), List.of(), false);

        RoutePlan plan = plan("0.0.0.0/0", "auto", exemptions, true);

        Rule rule =
                plan.rules().stream()
                        .filter(candidate -> candidate.source() != null)
                        .findFirst()
                        .orElseThrow();
        assertEquals(IpPrefix.parse("172.18.0.2/32"), rule.source());
        assertTrue(
                plan.routes().stream()
                        .anyMatch(route ->
                                route.table() == rule.table() && route.linkIndex() == UPLINK));
        assertTrue(plan.rules().stream().allMatch(RoutePlanner::isOurs));
    }
}
