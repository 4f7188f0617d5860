package dev.culvert.app.interop;

import dev.culvert.tun.netns.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A tunnel whose UDP goes through another tunnel. */
@Tag("netns")
class NestedTunnelTest {
    @Test
    void carriesATunnelInsideATunnel() throws Exception {
        Program program = Program.culvert();
        try (TunnelPair outer = TunnelPair.overLoopback(program, program)) {
            outer.endpoints("127.0.0.1", "127.0.0.1");
            NetworkNamespace leftInside = outer.left().inside();
            NetworkNamespace rightInside = outer.right().inside();
            try (Tunnel left = Tunnel.start(program, leftInside);
                    Tunnel right = Tunnel.start(program, rightInside)) {
                left.addresses("192.168.250.1/24").listen(5001).mtu(1340).up();
                right.addresses("192.168.250.2/24").listen(5002).mtu(1340).up();
                left.peer(
                        right,
                        "allowed-ips",
                        "192.168.250.2/32",
                        "endpoint",
                        "[" + TunnelPair.RIGHT_6 + "]:5002");
                right.peer(
                        left,
                        "allowed-ips",
                        "192.168.250.1/32",
                        "endpoint",
                        "[" + TunnelPair.LEFT_6 + "]:5001");
                Traffic.ping(leftInside, "192.168.250.2");
                Traffic.tcp(leftInside, rightInside, "192.168.250.2", 4 * 1024 * 1024);
                Traffic.iperf3(rightInside, leftInside, "192.168.250.1", "-n20M", "-P4");
                left.assertRunning();
                right.assertRunning();
            }
        }
    }
}
