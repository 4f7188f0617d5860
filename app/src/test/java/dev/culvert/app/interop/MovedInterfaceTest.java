package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The TUN device is elsewhere than its program: link events do not arrive, and it copes. */
@Tag("netns")
class MovedInterfaceTest {
    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void movesWithTrafficAndComesBack(Program program) throws Exception {
        try (NetworkNamespace elsewhere = NetworkNamespace.create("elsewhere");
                TunnelPair pair = TunnelPair.overVeth(program, program)) {
            Tunnel left = pair.left();
            NetworkNamespace home = left.inside();
            pair.endpoints("10.0.0.1", "10.0.0.2");
            Traffic.ping(home, TunnelPair.RIGHT_4);

            left.moveTo(elsewhere).addresses(TunnelPair.LEFT_4 + "/24").up();
            left.awaitBound(TunnelPair.LEFT_PORT);
            Traffic.awaitPing(elsewhere, TunnelPair.RIGHT_4);
            Traffic.tcp(elsewhere, pair.right().inside(), TunnelPair.RIGHT_4, 1024 * 1024);

            left.moveTo(home).addresses(TunnelPair.LEFT_4 + "/24").up();
            left.awaitBound(TunnelPair.LEFT_PORT);
            Traffic.awaitPing(home, TunnelPair.RIGHT_4);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void noticesDownUpAndMtuFromAfar(Program program) {
        try (TunnelPair pair = TunnelPair.overLoopback(program, program)) {
            Tunnel left = pair.left();
            pair.endpoints("127.0.0.1", "127.0.0.1");
            Traffic.ping(left.inside(), TunnelPair.RIGHT_4);

            left.down();
            NetworkNamespace.await(
                    Duration.ofSeconds(5),
                    () -> pair.outside().run("ss", "-ulnH", "sport = :10001").isBlank(),
                    () -> "the UDP sockets are still open");
            assertEquals("10001", left.show("listen-port"));
            left.up().addresses();
            left.awaitBound(TunnelPair.LEFT_PORT);
            Traffic.awaitPing(left.inside(), TunnelPair.RIGHT_4);

            pair.mtu(4000);
            Traffic.pingWithSize(left.inside(), TunnelPair.RIGHT_4, 4000);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void endsWhenItsDeviceIsDeletedElsewhere(Program program) {
        try (NetworkNamespace outside = NetworkNamespace.create("outside");
                NetworkNamespace inside = NetworkNamespace.create("inside");
                Tunnel tunnel = Tunnel.start(program, outside)) {
            tunnel.moveTo(inside).up();
            inside.run("ip", "link", "delete", tunnel.link);
            tunnel.process().await(Duration.ofSeconds(10));
            assertFalse(Files.exists(tunnel.socket()));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.app.interop.Program#culverts")
    void endsWithItsSocketAndTakesTheDeviceAlong(Program program) throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.create("outside");
                NetworkNamespace inside = NetworkNamespace.create("inside");
                Tunnel tunnel = Tunnel.start(program, outside)) {
            tunnel.moveTo(inside).up();
            Files.delete(tunnel.socket());
            tunnel.process().await(Duration.ofSeconds(10));
            assertTrue(inside.exec("ip", "link", "show", tunnel.link).exitCode() != 0);
        }
    }
}
