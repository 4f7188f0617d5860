package dev.culvert.tun.rtnetlink;

import static dev.culvert.tun.sys.SocketConstants.AF_INET;
import static dev.culvert.tun.sys.SocketConstants.AF_INET6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What we change, iproute2 sees; what iproute2 changes, we see. */
@Tag("netns")
class RtnetlinkTest {
    private static final JsonMapper JSON = new JsonMapper();

    private NetworkNamespace namespace;
    private Rtnetlink rtnetlink;
    private int index;

    @BeforeEach
    void open() throws Exception {
        namespace = NetworkNamespace.create("tun");
        rtnetlink = namespace.callInside(Rtnetlink::open);
        namespace.run("ip", "link", "add", "left", "type", "veth", "peer", "name", "right");
        namespace.run("ip", "link", "set", "right", "up");
        index = Objects.requireNonNull(rtnetlink.links().get("left")).index();
    }

    @AfterEach
    void close() {
        rtnetlink.close();
        namespace.close();
    }

    private JsonNode ip(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 3];
        command[0] = "ip";
        command[1] = "-j";
        command[2] = "-d";
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return JSON.readTree(namespace.run(command));
    }

    @Nested
    class Of_links {
        @Test
        void listsThemAsIpDoes() throws Exception {
            List<Link> links = rtnetlink.links().list();
            JsonNode expected = ip("link", "show");
            assertEquals(expected.size(), links.size());
            for (int i = 0; i < links.size(); i++) {
                JsonNode node = expected.get(i);
                Link link = links.get(i);
                assertEquals(node.get("ifindex").asInt(), link.index());
                assertEquals(node.get("ifname").asText(), link.name());
                assertEquals(node.get("mtu").asInt(), link.mtu());
                assertEquals(node.get("gso_max_size").asInt(), link.gsoMaxSizeBytes());
                assertEquals(node.path("linkinfo").path("info_kind").asText(""), link.kind());
                assertEquals(node.get("flags").toString().contains("\"UP\""), link.up());
            }
        }

        @Test
        void changesStateMtuAndSuperPacketSize() throws Exception {
            rtnetlink.links().setUp(index, true);
            rtnetlink.links().setMtu(index, 1280);
            rtnetlink.links().setGsoMaxSize(index, 61440);
            JsonNode node = ip("link", "show", "left").get(0);
            assertTrue(node.get("flags").toString().contains("\"UP\""));
            assertEquals(1280, node.get("mtu").asInt());
            assertEquals(61440, node.get("gso_max_size").asInt());
            assertEquals(
                    new Link(index, "left", true, 1280, "veth", 61440),
                    rtnetlink.links().get(index));
            rtnetlink.links().setUp(index, false);
            assertFalse(Objects.requireNonNull(rtnetlink.links().get("left")).up());
        }

        @Test
        void deletesOne() throws Exception {
            rtnetlink.links().delete(index);
            assertNull(rtnetlink.links().get("left"));
            assertNull(rtnetlink.links().get(index));
            assertEquals(1, namespace.exec("ip", "link", "show", "left").exitCode());
        }

        @Test
        void looksOneUpInAnotherNamespaceByItsNumber() throws Exception {
            try (NetworkNamespace other = NetworkNamespace.create("tun")) {
                namespace.run("ip", "link", "set", "right", "netns", other.name());
                int fd = Libc.open(other.path().toString(), Libc.O_CLOEXEC, 0);
                int id = rtnetlink.namespaceIds().ofDescriptor(fd);
                Libc.close(fd);
                assertNull(rtnetlink.links().get("right"));
                assertNull(rtnetlink.links().getIn(id, "left"));
                other.run("ip", "link", "set", "right", "mtu", "1300");
                assertEquals(
                        1300, Objects.requireNonNull(rtnetlink.links().getIn(id, "right")).mtu());
            }
        }

        @Test
        void givesTheKernelsOwnWordsForARefusal() {
            RtnetlinkException refused =
                    assertThrows(
                            RtnetlinkException.class, () -> rtnetlink.links().setMtu(index, 10));
            assertEquals(Errno.EINVAL, refused.errno());
            assertEquals(
                    "set MTU of link "
                            + index
                            + " to 10: EINVAL: invalid argument (mtu less than device minimum)",
                    refused.getMessage());
        }
    }

    @Nested
    class Of_addresses {
        @Test
        void addsListsAndDeletesBothFamilies() throws Exception {
            rtnetlink.links().setUp(index, true);
            for (String text : List.of("10.9.8.7/24", "fd00::7/64")) {
                LinkAddress address = new LinkAddress(index, IpPrefix.parse(text));
                rtnetlink.addresses().add(address);
                assertTrue(rtnetlink.addresses().list().contains(address));
                JsonNode shown = ip("address", "show", "dev", "left").get(0).get("addr_info");
                String local = text.substring(0, text.indexOf('/'));
                assertTrue(shown.toString().contains("\"local\":\"" + local + "\""));
                RtnetlinkException twice =
                        assertThrows(
                                RtnetlinkException.class, () -> rtnetlink.addresses().add(address));
                assertEquals(Errno.EEXIST, twice.errno());
                rtnetlink.addresses().delete(address);
                assertFalse(rtnetlink.addresses().list().contains(address));
                RtnetlinkException gone =
                        assertThrows(
                                RtnetlinkException.class,
                                () -> rtnetlink.addresses().delete(address));
                assertEquals(Errno.EADDRNOTAVAIL, gone.errno());
            }
        }

        @Test
        void readsTheLocalOneOfAPointToPointPair() throws Exception {
            namespace.run("ip", "address", "add", "10.1.1.1", "peer", "10.1.1.2/32", "dev", "left");
            assertTrue(
                    rtnetlink
                            .addresses()
                            .list()
                            .contains(new LinkAddress(index, IpPrefix.parse("10.1.1.1/32"))));
        }
    }

    @Nested
    class Of_routes {
        @BeforeEach
        void addressTheLink() throws Exception {
            rtnetlink.links().setUp(index, true);
            rtnetlink.addresses().add(new LinkAddress(index, IpPrefix.parse("10.9.8.7/24")));
            rtnetlink.addresses().add(new LinkAddress(index, IpPrefix.parse("fd00::7/64")));
        }

        @Test
        void addsOverALinkIntoATableWithAMetric() throws Exception {
            for (String text : List.of("192.0.2.0/25", "2001:db8::/33")) {
                Route route =
                        Route.overLink(IpPrefix.parse(text), index).inTable(51820).withMetric(77);
                rtnetlink.routes().add(route);
                JsonNode shown = shown(text, "51820");
                assertEquals(text, shown.get("dst").asText());
                assertEquals("left", shown.get("dev").asText());
                assertEquals(77, shown.get("metric").asInt());
                assertEquals("static", shown.get("protocol").asText());
                assertEquals(List.of(route), rtnetlink.routes().list(51820));
                rtnetlink.routes().delete(route);
                assertEquals(List.of(), rtnetlink.routes().list(51820));
                assertEquals(
                        Errno.ESRCH,
                        assertThrows(
                                        RtnetlinkException.class,
                                        () -> rtnetlink.routes().delete(route))
                                .errno());
            }
        }

        @Test
        void addsTheDefaultRouteOverAGateway() throws Exception {
            Route four =
                    Route.overGateway(IpPrefix.any(AF_INET), InetAddress.ofLiteral("10.9.8.1"))
                            .withSource(InetAddress.ofLiteral("10.9.8.7"));
            Route six =
                    Route.overGateway(IpPrefix.any(AF_INET6), InetAddress.ofLiteral("fd00::1"))
                            .withMetric(5);
            rtnetlink.routes().add(four);
            rtnetlink.routes().add(six);
            JsonNode shown = shown("default", "main");
            assertEquals("10.9.8.1", shown.get("gateway").asText());
            assertEquals("10.9.8.7", shown.get("prefsrc").asText());
            List<Route> routes = rtnetlink.routes().list(Route.TABLE_MAIN);
            assertTrue(routes.contains(four.onLink(index)), routes::toString);
            assertTrue(routes.contains(six.onLink(index)), routes::toString);
            assertEquals(
                    Errno.EEXIST,
                    assertThrows(RtnetlinkException.class, () -> rtnetlink.routes().add(four))
                            .errno());
        }

        @Test
        void replacesAUnicastRouteByUnreachable() throws Exception {
            for (String text : List.of("198.51.100.0/24", "2001:db8:1::/48")) {
                IpPrefix prefix = IpPrefix.parse(text);
                int table = 7 + prefix.family();
                rtnetlink.routes().add(Route.overLink(prefix, index).inTable(table).withMetric(3));
                rtnetlink.routes().replace(Route.unreachable(prefix).inTable(table).withMetric(3));
                JsonNode shown = shown(text, Integer.toString(table));
                assertEquals("unreachable", shown.get("type").asText());
                List<Route> routes = rtnetlink.routes().list(table);
                assertEquals(1, routes.size());
                assertEquals(RouteType.UNREACHABLE, routes.getFirst().type());
            }
        }

        @Test
        void replacesAGateway() throws Exception {
            for (String text : List.of("10.9.8.%d", "fd00::%d")) {
                int family = IpPrefix.parse(text.formatted(1)).family();
                for (int host : List.of(1, 2)) {
                    InetAddress gateway = InetAddress.ofLiteral(text.formatted(host));
                    Route route = Route.overGateway(IpPrefix.any(family), gateway).inTable(8);
                    rtnetlink.routes().replace(route);
                }
                List<Route> routes =
                        rtnetlink.routes().list(8).stream()
                                .filter(route -> route.destination().family() == family)
                                .toList();
                assertEquals(1, routes.size());
                assertEquals(InetAddress.ofLiteral(text.formatted(2)), routes.getFirst().gateway());
            }
        }

        @Test
        void saysThatAGatewayIsOutOfReach() {
            Route route =
                    Route.overGateway(IpPrefix.any(AF_INET), InetAddress.ofLiteral("192.168.1.1"));
            RtnetlinkException refused =
                    assertThrows(RtnetlinkException.class, () -> rtnetlink.routes().add(route));
            assertEquals(
                    "add route 0.0.0.0/0: ENETUNREACH: network is unreachable (Nexthop has invalid gateway)",
                    refused.getMessage());
        }

        @Test
        void listsEachNextHopOfAMultipathRoute() throws Exception {
            namespace.run(
                    "ip",
                    "route",
                    "add",
                    "203.0.113.0/24",
                    "nexthop",
                    "via",
                    "10.9.8.1",
                    "nexthop",
                    "via",
                    "10.9.8.2");
            List<Route> hops =
                    rtnetlink.routes().list(Route.TABLE_MAIN).stream()
                            .filter(r -> r.destination().equals(IpPrefix.parse("203.0.113.0/24")))
                            .toList();
            assertEquals(2, hops.size());
            assertEquals(InetAddress.ofLiteral("10.9.8.2"), hops.get(1).gateway());
        }

        @Test
        void listsThousandsOverManyMessages() throws Exception {
            for (int i = 0; i < 2000; i++) {
                rtnetlink
                        .routes()
                        .add(
                                Route.overLink(
                                                IpPrefix.parse("10.200." + i / 250 + "." + i % 250),
                                                index)
                                        .inTable(9));
            }
            assertEquals(2000, rtnetlink.routes().list(9).size());
        }

        private JsonNode shown(String prefix, String table) throws Exception {
            String family = prefix.contains(":") ? "-6" : "-4";
            return ip(family, "route", "show", prefix, "table", table).get(0);
        }
    }

    @Nested
    class Of_rules {
        @Test
        void addsListsAndDeletesThoseOfWgQuick() throws Exception {
            for (int family : List.of(AF_INET, AF_INET6)) {
                String flag = family == AF_INET ? "-4" : "-6";
                Rule unmarked =
                        Rule.lookup(family, 51820).withFwmark(0xca6c).inverted().withPriority(100);
                Rule specific =
                        Rule.lookup(family, Route.TABLE_MAIN)
                                .suppressingPrefixLength(0)
                                .withPriority(99);
                rtnetlink.rules().add(unmarked);
                rtnetlink.rules().add(specific);
                JsonNode shown = ip(flag, "rule", "show");
                JsonNode first = byPriority(shown, 99);
                assertEquals("main", first.get("table").asText());
                assertEquals(0, first.get("suppress_prefixlen").asInt(-1));
                JsonNode second = byPriority(shown, 100);
                assertEquals("51820", second.get("table").asText());
                assertEquals("0xca6c", second.get("fwmark").asText());
                assertTrue(second.has("not"));
                assertTrue(rtnetlink.rules().list().containsAll(List.of(unmarked, specific)));
                rtnetlink.rules().delete(unmarked);
                rtnetlink.rules().delete(specific);
                assertFalse(rtnetlink.rules().list().contains(unmarked));
                assertFalse(rtnetlink.rules().list().contains(specific));
                assertEquals(
                        Errno.ENOENT,
                        assertThrows(
                                        RtnetlinkException.class,
                                        () -> rtnetlink.rules().delete(unmarked))
                                .errno());
            }
        }

        @Test
        void readsWhatIpHasAdded() throws Exception {
            namespace.run(
                    "ip",
                    "rule",
                    "add",
                    "priority",
                    "5",
                    "from",
                    "10.0.0.0/8",
                    "to",
                    "192.0.2.0/24",
                    "iif",
                    "left",
                    "oif",
                    "right",
                    "fwmark",
                    "1/0xff",
                    "lookup",
                    "1000");
            namespace.run("ip", "rule", "add", "priority", "6", "blackhole");
            List<Rule> rules = rtnetlink.rules().list();
            assertTrue(
                    rules.contains(
                            new Rule(
                                    AF_INET,
                                    5,
                                    false,
                                    1,
                                    0xff,
                                    1000,
                                    -1,
                                    IpPrefix.parse("10.0.0.0/8"),
                                    IpPrefix.parse("192.0.2.0/24"),
                                    "left",
                                    "right",
                                    true)),
                    rules::toString);
            Rule blackhole = rules.stream().filter(r -> r.priority() == 6).findFirst().orElse(null);
            assertNotNull(blackhole);
            assertFalse(blackhole.lookup());
        }

        private static JsonNode byPriority(JsonNode rules, int priority) {
            for (JsonNode rule : rules) {
                if (rule.get("priority").asInt() == priority) {
                    return rule;
                }
            }
            throw new AssertionError("no rule " + priority + " in " + rules);
        }
    }
}
