package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An end changes its address, its port and its family; the other follows its authenticated packets.
 */
@Tag("netns")
class RoamingTest {
    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void followsThePeerToAnotherAddressPortAndFamily(Program program) {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            pair.endpoints("127.0.0.1", "127.0.0.1");
            Traffic.ping(pair.left().inside(), TunnelPair.RIGHT_4);

            pair.outside().run("ip", "-4", "address", "del", "127.0.0.1/8", "dev", "lo");
            pair.outside().run("ip", "-4", "address", "add", "127.212.121.99/8", "dev", "lo");
            pair.left().set("listen-port", "9999");
            pair.left().peer(pair.right(), "endpoint", "127.0.0.1:" + TunnelPair.RIGHT_PORT);
            Traffic.ping(pair.left().inside(), TunnelPair.RIGHT_6);
            assertEquals("127.212.121.99:9999", pair.right().endpointOf(pair.left()));

            pair.left().set("listen-port", "9998");
            pair.left().peer(pair.right(), "endpoint", "[::1]:" + TunnelPair.RIGHT_PORT);
            Traffic.ping(pair.left().inside(), TunnelPair.RIGHT_4);
            assertEquals("[::1]:9998", pair.right().endpointOf(pair.left()));
            Traffic.ping(pair.right().inside(), TunnelPair.LEFT_6);
        }
    }
}
