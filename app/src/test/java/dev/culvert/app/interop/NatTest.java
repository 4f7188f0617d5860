package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The left end stands behind a router that translates addresses and forgets a UDP flow after two
 * seconds.
 *
 * <pre>
 *  left 192.168.1.100 ---- 192.168.1.1 router 10.0.0.1 ---- 10.0.0.100 right
 *                             masquerade
 * </pre>
 */
@Tag("netns")
class NatTest {
    private static final int FORGETS_AFTER_MS = 2000;

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void isReachedBehindNatWithAPersistentKeepalive(Program program) throws Exception {
        try (NetworkNamespace router = NetworkNamespace.create("router");
                TunnelPair pair = TunnelPair.apart(program, program)) {
            NetworkNamespace left = pair.left().inside();
            NetworkNamespace right = pair.right().inside();
            Veth.connect(left, "192.168.1.100/24", router, "192.168.1.1/24");
            Veth.connect(router, "10.0.0.1/24", right, "10.0.0.100/24");
            left.run("ip", "route", "add", "default", "via", "192.168.1.1");
            Traffic.awaitPing(left, "192.168.1.1");
            Traffic.awaitPing(right, "10.0.0.1");
            masquerade(router);

            pair.left()
                    .peer(
                            pair.right(),
                            "endpoint",
                            "10.0.0.100:" + TunnelPair.RIGHT_PORT,
                            "persistent-keepalive",
                            "1");
            Traffic.ping(left, TunnelPair.RIGHT_4);
            Traffic.ping(right, TunnelPair.LEFT_4);
            assertEquals("10.0.0.1:" + TunnelPair.LEFT_PORT, pair.right().endpointOf(pair.left()));
            Thread.sleep(FORGETS_AFTER_MS + 1500);
            Traffic.ping(right, TunnelPair.LEFT_4);

            // The counter-proof: without keepalives the router forgets, and lets nobody in.
            pair.left().peer(pair.right(), "persistent-keepalive", "0");
            Thread.sleep(FORGETS_AFTER_MS + 1500);
            assertFalse(Traffic.pings(right, TunnelPair.LEFT_4));
        }
    }

    private static void masquerade(NetworkNamespace router) {
        router.sysctl("net.ipv4.ip_forward", "1");
        router.run(
                "nft",
                "table ip nat { chain postrouting { type nat hook postrouting priority 100;"
                        + " ip saddr 192.168.1.0/24 ip daddr 10.0.0.0/24 masquerade; }; };"
                        + " table ip filter { chain forward { type filter hook forward priority 0;"
                        + " ct state established,related accept; ip saddr 192.168.1.0/24 accept;"
                        + " drop; }; chain input { type filter hook input priority 0; drop; }; }");
        router.sysctl("net.netfilter.nf_conntrack_udp_timeout", "2");
        router.sysctl("net.netfilter.nf_conntrack_udp_timeout_stream", "2");
    }
}
