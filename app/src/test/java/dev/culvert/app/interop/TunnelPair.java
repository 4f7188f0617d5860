package dev.culvert.app.interop;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.util.List;

/**
 * Two ends that know one another, with the addresses 192.168.241.1, fd00::1 (left) and
 * 192.168.241.2, fd00::2 (right) inside the tunnel.
 */
record TunnelPair(NetworkNamespace outside, Tunnel left, Tunnel right) implements AutoCloseable {
    static final int LEFT_PORT = 10001;
    static final int RIGHT_PORT = 10002;
    static final String LEFT_4 = "192.168.241.1";
    static final String RIGHT_4 = "192.168.241.2";
    static final String LEFT_6 = "fd00::1";
    static final String RIGHT_6 = "fd00::2";

    /**
     * Both programs in one namespace, which carries their UDP over its loopback; the TUN devices
     * are moved into two others. Neither end has an endpoint yet.
     */
    static TunnelPair overLoopback(Program leftProgram, Program rightProgram) {
        NetworkNamespace outside = NetworkNamespace.create("outside");
        NetworkNamespace leftInside = NetworkNamespace.create("left");
        NetworkNamespace rightInside = NetworkNamespace.create("right");
        Tunnel left = Tunnel.start(leftProgram, outside).moveTo(leftInside);
        Tunnel right = Tunnel.start(rightProgram, outside).moveTo(rightInside);
        return new TunnelPair(outside, left, right).configure();
    }

    /** Each program and its TUN device in a namespace of its own, with nothing between them yet. */
    static TunnelPair apart(Program leftProgram, Program rightProgram) {
        NetworkNamespace leftInside = NetworkNamespace.create("left");
        NetworkNamespace rightInside = NetworkNamespace.create("right");
        Tunnel left = Tunnel.start(leftProgram, leftInside);
        Tunnel right = Tunnel.start(rightProgram, rightInside);
        return new TunnelPair(leftInside, left, right).configure();
    }

    /**
     * The same with a virtual cable between them: 10.0.0.1, fd00:aa::1 and 10.0.0.2, fd00:aa::2.
     */
    static TunnelPair overVeth(Program leftProgram, Program rightProgram) {
        TunnelPair pair = apart(leftProgram, rightProgram);
        Veth.connect(pair.left.inside(), "10.0.0.1/24", pair.right.inside(), "10.0.0.2/24")
                .addAddresses("fd00:aa::1/96", "fd00:aa::2/96");
        Traffic.awaitPing(pair.left.inside(), "10.0.0.2");
        return pair;
    }

    private TunnelPair configure() {
        left.addresses(LEFT_4 + "/24", LEFT_6 + "/112")
                .listen(LEFT_PORT)
                .peer(right, "allowed-ips", RIGHT_4 + "/32," + RIGHT_6 + "/128")
                .up();
        right.addresses(RIGHT_4 + "/24", RIGHT_6 + "/112")
                .listen(RIGHT_PORT)
                .peer(left, "allowed-ips", LEFT_4 + "/32," + LEFT_6 + "/128")
                .up();
        left.awaitBound(LEFT_PORT);
        right.awaitBound(RIGHT_PORT);
        return this;
    }

    /** Tells each end where the other is, for instance {@code "127.0.0.1"} and {@code "[::1]"}. */
    TunnelPair endpoints(String leftAddress, String rightAddress) {
        left.peer(right, "endpoint", rightAddress + ":" + RIGHT_PORT);
        right.peer(left, "endpoint", leftAddress + ":" + LEFT_PORT);
        return this;
    }

    TunnelPair presharedKey(String key) {
        left.peer(right, "preshared-key", Keys.file(key));
        right.peer(left, "preshared-key", Keys.file(key));
        return this;
    }

    TunnelPair mtu(int mtu) {
        left.mtu(mtu);
        right.mtu(mtu);
        return this;
    }

    @Override
    public void close() {
        // The namespaces go in any case, also when a program has failed.
        try {
            left.assertRunning();
            right.assertRunning();
            left.close();
            right.close();
        } finally {
            List.of(outside, left.outside, right.outside, left.inside(), right.inside())
                    .forEach(NetworkNamespace::close);
        }
    }
}
