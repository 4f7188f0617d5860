package dev.culvert.datapath;

import dev.culvert.tun.TunOffload;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;

/**
 * Two ends over a virtual cable. Outside 10.80.0.1 and .2, fd80::1 and ::2; inside 10.81.0.1 and
 * .2, fd81::1 and ::2. Each end is the other's peer for the inner addresses; the endpoints are
 * IPv4's.
 */
final class TunnelPair implements AutoCloseable {
    final NetworkNamespace leftSpace = NetworkNamespace.create("datapath");
    final NetworkNamespace rightSpace = NetworkNamespace.create("datapath");
    final Veth veth;
    final TunnelEnd left;
    final TunnelEnd right;

    private TunnelPair(int mtu, int outerMtu, TunOffload tunOffload, DatapathSettings settings)
            throws Exception {
        veth =
                Veth.connect(leftSpace, "10.80.0.1/24", rightSpace, "10.80.0.2/24")
                        .addAddresses("fd80::1/64", "fd80::2/64")
                        .mtu(outerMtu);
        left = TunnelEnd.open(leftSpace, mtu, tunOffload, settings);
        right = TunnelEnd.open(rightSpace, mtu, tunOffload, settings);
        left.up("10.81.0.1/24", "fd81::1/64");
        right.up("10.81.0.2/24", "fd81::2/64");
        introduce("10.80.0.1", "10.80.0.2");
    }

    static TunnelPair open(int mtu, DatapathSettings settings) throws Exception {
        return new TunnelPair(mtu, 1500, new TunOffload(true, true), settings);
    }

    static TunnelPair open(int mtu, int outerMtu, TunOffload offload, DatapathSettings settings)
            throws Exception {
        return new TunnelPair(mtu, outerMtu, offload, settings);
    }

    /** Gives each end the other one's endpoint. */
    void introduce(String leftAddress, String rightAddress) throws Exception {
        left.peer(right.publicKey(), rightAddress, right.port(), 0, "10.81.0.2/32", "fd81::2/128");
        right.peer(left.publicKey(), leftAddress, left.port(), 0, "10.81.0.1/32", "fd81::1/128");
    }

    @Override
    public void close() {
        left.close();
        right.close();
        leftSpace.close();
        rightSpace.close();
    }
}
