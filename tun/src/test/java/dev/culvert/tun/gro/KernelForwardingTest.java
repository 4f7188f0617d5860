package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.TunDevice;
import dev.culvert.tun.TunOffload;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A host that is given super-packets and has to forward them over a device without offloads: its
 * kernel splits them and finishes their checksums from what the coalescer left in the headers, and
 * the host behind it verifies every one. (A host that keeps a super-packet takes its word for it.)
 *
 * <pre>
 *  left [tun0] ==super-packets==> [tun0] middle [tun1] --packets--> [tun0] right
 * </pre>
 */
@Tag("netns")
class KernelForwardingTest {
    private static final TunOffload ON = new TunOffload(true, true);
    private static final TunOffload OFF = new TunOffload(false, false);

    private static TunDevice attach(
            NetworkNamespace host, String name, TunOffload offload, String network, int number)
            throws Exception {
        TunDevice tun = host.callInside(() -> TunDevice.open(name, 1420, offload));
        host.addAddress(name, "10." + network + ".0." + number + "/24");
        host.addAddress(name, "fd" + network + "::" + number + "/64");
        host.run("ip", "link", "set", name, "up");
        return tun;
    }

    private static void routeVia(NetworkNamespace host, String network, int gateway) {
        host.run("ip", "route", "add", "default", "via", "10." + network + ".0." + gateway);
        host.run("ip", "-6", "route", "add", "default", "via", "fd" + network + "::" + gateway);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.79.0.2", "fd79::2"})
    void getsEveryHeaderItNeeds(String address) throws Exception {
        try (NetworkNamespace left = NetworkNamespace.create("gso");
                NetworkNamespace middle = NetworkNamespace.create("gso");
                NetworkNamespace right = NetworkNamespace.create("gso");
                TunDevice leftTun = attach(left, "tun0", ON, "78", 1);
                TunDevice middleIn = attach(middle, "tun0", ON, "78", 2);
                TunDevice middleOut = attach(middle, "tun1", OFF, "79", 1);
                TunDevice rightTun = attach(right, "tun0", OFF, "79", 2);
                TunCable there = new TunCable(leftTun, middleIn, true);
                TunCable onward = new TunCable(middleOut, rightTun, false);
                TunCable back = new TunCable(rightTun, middleOut, false);
                TunCable home = new TunCable(middleIn, leftTun, true)) {
            middle.sysctl("net.ipv4.ip_forward", "1");
            middle.sysctl("net.ipv6.conf.all.forwarding", "1");
            routeVia(left, "78", 2);
            routeVia(right, "79", 1);
            iperf(left, right, address);
            assertTrue(there.coalescer.superPacketsWritten() > 100);
            long before = there.coalescer.superPacketsWritten();
            SegmentedUdp.assertArrives(left, right, address);
            there.awaitSuperPackets(
                    before + (middleIn.udpSegmentation() ? SegmentedUdp.BURSTS : 0));
            assertEquals(0, CabledHosts.checksumErrors(right));
            assertEquals(0, onward.readsOfSuperPackets.get());
            assertTrue(onward.packets.get() > 1000);
            assertTrue(back.packets.get() > 0 && home.packets.get() > 0);
        }
    }

    private static void iperf(NetworkNamespace left, NetworkNamespace right, String address) {
        try (RunningProcess server = right.start("iperf3", "-s", "-1", "--forceflush")) {
            server.awaitOutput("Server listening", Duration.ofSeconds(10));
            left.run("iperf3", "-c", address, "-t", "1");
        }
    }
}
