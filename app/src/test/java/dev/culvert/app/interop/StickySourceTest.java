package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers leave from the address that was spoken to, as long as that is possible and sensible. */
@Tag("netns")
class StickySourceTest {
    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void goesOnWhenTheSourceAddressIsRemoved(Program program) {
        try (TunnelPair pair = TunnelPair.apart(program, program)) {
            NetworkNamespace left = pair.left().inside();
            Veth veth = Veth.connect(left, "10.0.0.1/24", pair.right().inside(), "10.0.0.2/24");
            veth.addAddresses("fd00:aa::1/96", "fd00:aa::2/96");
            left.sysctl("net.ipv4.conf." + veth.leftLink() + ".promote_secondaries", "1");

            Traffic.awaitPing(left, "10.0.0.2");
            pair.left().peer(pair.right(), "endpoint", "10.0.0.2:" + TunnelPair.RIGHT_PORT);
            Traffic.ping(left, TunnelPair.RIGHT_4);
            changeAddress(veth, "10.0.0.10/24", "10.0.0.1/24");
            Traffic.ping(left, TunnelPair.RIGHT_4);
            assertEquals("10.0.0.10:" + TunnelPair.LEFT_PORT, pair.right().endpointOf(pair.left()));

            pair.left().peer(pair.right(), "endpoint", "[fd00:aa::2]:" + TunnelPair.RIGHT_PORT);
            Traffic.ping(left, TunnelPair.RIGHT_4);
            changeAddress(veth, "fd00:aa::10/96", "fd00:aa::1/96");
            Traffic.ping(left, TunnelPair.RIGHT_4);
            assertEquals(
                    "[fd00:aa::10]:" + TunnelPair.LEFT_PORT, pair.right().endpointOf(pair.left()));
        }
    }

    private static void changeAddress(Veth veth, String added, String removed) {
        NetworkNamespace left = veth.left();
        left.addAddress(veth.leftLink(), added);
        left.run("ip", "address", "del", removed, "dev", veth.leftLink());
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void answersFromTheAddressThatWasSpokenTo(Program program) {
        try (TunnelPair pair = TunnelPair.apart(program, program)) {
            NetworkNamespace left = pair.left().inside();
            NetworkNamespace right = pair.right().inside();
            Veth veth = Veth.connect(left, "10.0.0.1/24", right, "10.0.0.3/24");
            veth.addAddresses("fd00:aa::1/96", "fd00:aa::3/96");
            String link = veth.leftLink();
            left.addAddress(link, "10.0.0.2/24");
            left.addAddress(link, "fd00:aa::2/96");
            Traffic.awaitPing(left, "10.0.0.3");
            for (String address :
                    new String[] {"10.0.0.1", "[fd00:aa::1]", "10.0.0.2", "[fd00:aa::2]"}) {
                answersFrom(pair, address);
            }

            // An address of another interface than the one that the answer leaves by.
            left.run("ip", "link", "add", "other", "type", "veth", "peer", "name", "other-end");
            left.addAddress("other", "10.50.0.1/24");
            left.run("ip", "link", "set", "other", "up");
            right.run("ip", "route", "add", "10.50.0.0/24", "dev", veth.rightLink());
            answersFrom(pair, "10.50.0.1");
        }
    }

    private static void answersFrom(TunnelPair pair, String address) {
        String endpoint = address + ":" + TunnelPair.LEFT_PORT;
        pair.right().peer(pair.left(), "endpoint", endpoint);
        Traffic.ping(pair.right().inside(), TunnelPair.LEFT_4);
        // Had the answer come from elsewhere, the right end would have roamed there.
        assertEquals(endpoint, pair.right().endpointOf(pair.left()));
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void followsARouteThatTakesPrecedence(Program program) {
        try (TunnelPair pair = TunnelPair.apart(program, program)) {
            NetworkNamespace left = pair.left().inside();
            NetworkNamespace right = pair.right().inside();
            Veth first = Veth.connect(left, "10.0.0.1/24", right, "10.0.0.2/24");
            Veth second = Veth.connect(left, "10.0.0.3/24", right, "10.99.0.1/24");
            for (String link : new String[] {"all", first.leftLink(), second.leftLink()}) {
                left.sysctl("net.ipv4.conf." + link + ".rp_filter", "0");
            }
            for (String link : new String[] {"all", first.rightLink(), second.rightLink()}) {
                right.sysctl("net.ipv4.conf." + link + ".rp_filter", "0");
            }
            left.run("ip", "route", "flush", "dev", first.leftLink());
            left.run("ip", "route", "flush", "dev", second.leftLink());
            addRoute(left, first.leftLink(), "10.0.0.1", 2);

            Traffic.awaitPing(left, "10.0.0.2");
            pair.left().peer(pair.right(), "endpoint", "10.0.0.2:" + TunnelPair.RIGHT_PORT);
            Traffic.ping(left, TunnelPair.RIGHT_4);
            assertEquals("10.0.0.1:" + TunnelPair.LEFT_PORT, pair.right().endpointOf(pair.left()));
            addRoute(left, second.leftLink(), "10.0.0.3", 1);
            // The program hears of it while we go on: packets before that take the old address.
            NetworkNamespace.await(
                    Duration.ofSeconds(10),
                    () -> {
                        Traffic.ping(left, TunnelPair.RIGHT_4);
                        String endpoint = pair.right().endpointOf(pair.left());
                        return endpoint.equals("10.0.0.3:" + TunnelPair.LEFT_PORT);
                    },
                    () -> pair.right().endpointOf(pair.left()));
        }
    }

    private static void addRoute(NetworkNamespace left, String link, String source, int metric) {
        left.run(
                "ip",
                "route",
                "add",
                "10.0.0.0/24",
                "dev",
                link,
                "src",
                source,
                "metric",
                Integer.toString(metric));
    }
}
