package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer may send is what would be routed to it, over the whole table. */
@Tag("netns")
class CryptokeyRoutingTest {
    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void dropsWhatBelongsToAPeerWithALongerPrefix(Program program) throws Exception {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            Tunnel left = pair.left();
            Tunnel right = pair.right();
            pair.endpoints("127.0.0.1", "127.0.0.1");
            left.peer(right, "allowed-ips", "192.168.241.0/24");
            Traffic.assertDatagramArrives(right.inside(), left.inside(), TunnelPair.LEFT_4);

            String other = Keys.generate(pair.outside()).publicKey();
            left.set("peer", other, "allowed-ips", TunnelPair.RIGHT_4 + "/32");
            right.set("listen-port", "9997");
            Traffic.assertDatagramIsDropped(right.inside(), left.inside(), TunnelPair.LEFT_4);
            // The packet was authentic all the same: its sender has roamed.
            assertEquals("127.0.0.1:9997", left.endpointOf(right));

            left.set("peer", other, "remove");
            Traffic.assertDatagramArrives(right.inside(), left.inside(), TunnelPair.LEFT_4);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void answersWhatHasNoPeerOrNoEndpointWithUnreachable(Program program) {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            Execution noPeer = pair.left().inside().exec("ping", "-c1", "-W5", "192.168.241.77");
            assertTrue(noPeer.output().contains("Destination Host Unreachable"), noPeer::toString);
            Execution noEndpoint =
                    pair.left().inside().exec("ping", "-c1", "-W5", TunnelPair.RIGHT_6);
            assertTrue(noEndpoint.output().contains("Address unreachable"), noEndpoint::toString);
        }
    }
}
