package dev.culvert.tun.gro;

import dev.culvert.tun.TunDevice;
import dev.culvert.tun.TunOffload;
import dev.culvert.tun.netns.NetworkNamespace;
import java.util.List;

/** Two network namespaces, each with a TUN, and a {@link TunCable} each way between. */
final class CabledHosts implements AutoCloseable {
    static final String LEFT_V4 = "10.77.0.1";
    static final String RIGHT_V4 = "10.77.0.2";
    static final String LEFT_V6 = "fd77::1";
    static final String RIGHT_V6 = "fd77::2";

    final NetworkNamespace left = NetworkNamespace.create("gso");
    final NetworkNamespace right = NetworkNamespace.create("gso");
    final TunCable there;
    final TunCable back;
    private final TunDevice leftTun;
    private final TunDevice rightTun;

    CabledHosts(boolean vnetHeader, boolean gro) throws Exception {
        TunOffload offload = new TunOffload(vnetHeader, gro);
        leftTun = attach(left, offload, LEFT_V4, LEFT_V6);
        rightTun = attach(right, offload, RIGHT_V4, RIGHT_V6);
        there = new TunCable(leftTun, rightTun, gro);
        back = new TunCable(rightTun, leftTun, gro);
    }

    private static TunDevice attach(NetworkNamespace host, TunOffload offload, String v4, String v6)
            throws Exception {
        TunDevice tun = host.callInside(() -> TunDevice.open("tun0", 1420, offload));
        host.addAddress("tun0", v4 + "/24");
        host.addAddress("tun0", v6 + "/64");
        host.run("ip", "link", "set", "tun0", "up");
        return tun;
    }

    boolean udpSegmentation() {
        return leftTun.udpSegmentation();
    }

    /** Packets that either kernel found to have a wrong checksum. */
    long checksumErrors() {
        return checksumErrors(left) + checksumErrors(right);
    }

    static long checksumErrors(NetworkNamespace host) {
        List<String> counters =
                List.of(
                        "TcpInCsumErrors",
                        "UdpInCsumErrors",
                        "Udp6InCsumErrors",
                        "IcmpInCsumErrors");
        String[] command = new String[counters.size() + 2];
        command[0] = "nstat";
        command[1] = "-az";
        for (int i = 0; i < counters.size(); i++) {
            command[i + 2] = counters.get(i);
        }
        List<String> lines =
                host.run(command).lines().filter(line -> !line.startsWith("#")).toList();
        if (lines.size() != counters.size()) {
            throw new AssertionError("nstat: " + lines);
        }
        return lines.stream().mapToLong(line -> Long.parseLong(line.split("\\s+", 3)[1])).sum();
    }

    @Override
    public void close() {
        there.close();
        back.close();
        leftTun.close();
        rightTun.close();
        left.close();
        right.close();
    }
}
