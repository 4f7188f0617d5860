package dev.culvert.datapath;

import dev.culvert.tun.TunDevice;
import dev.culvert.tun.TunListener;
import dev.culvert.tun.TunMonitor;
import dev.culvert.tun.TunOffload;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.uapi.AllowedIpChange;
import dev.culvert.wg.uapi.EndpointAddress;
import dev.culvert.wg.uapi.PeerChange;
import dev.culvert.wg.uapi.UapiSet;
import dev.culvert.wg.x25519.X25519Key;
import dev.culvert.wg.x25519.X25519Providers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel, the data path alone: a wg0 in a namespace, its TUN followed as it should.
 */
final class TunnelEnd implements AutoCloseable {
    final NetworkNamespace namespace;
    final TunDevice tun;
    final Datapath datapath;
    final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    private final TunMonitor monitor;
    private final byte[] privateKey = new byte[32];
    private final byte[] publicKey = new byte[32];

    private TunnelEnd(
            NetworkNamespace namespace, int mtu, TunOffload offload, DatapathSettings settings)
            throws Exception {
        this.namespace = namespace;
        new SecureRandom().nextBytes(privateKey);
        try (X25519Key key = X25519Providers.bouncyCastle().newKey(privateKey)) {
            key.publicKey(publicKey);
        }
        tun = TunDevice.open("wg0", mtu, offload);
        datapath =
                new Datapath(
                        tun,
                        AeadProviders.select("auto"),
                        new SecureRandom(),
                        settings,
                        new DatapathListener() {
                            @Override
                            public void onTunGone(int errno) {
                                failures.add("tun gone " + errno);
                            }

                            @Override
                            public void onCrash(Throwable bug) {
                                failures.add("crash " + bug);
                            }
                        });
        datapath.start();
        monitor = TunMonitor.start(tun, new Follower());
        set(new UapiSet(privateKey, OptionalInt.empty(), OptionalLong.empty(), false, List.of()));
    }

    /** Everything on. */
    static TunnelEnd open(NetworkNamespace namespace, int mtu, DatapathSettings settings)
            throws Exception {
        return open(namespace, mtu, new TunOffload(true, true), settings);
    }

    static TunnelEnd open(
            NetworkNamespace namespace, int mtu, TunOffload offload, DatapathSettings settings)
            throws Exception {
        return namespace.callInside(() -> new TunnelEnd(namespace, mtu, offload, settings));
    }

    byte[] publicKey() {
        return publicKey.clone();
    }

    int port() {
        return datapath.snapshot().listenPort();
    }

    /** Addresses the link and brings it up, and waits until the sockets are bound. */
    TunnelEnd up(String... addresses) {
        for (String address : addresses) {
            namespace.addAddress("wg0", address);
        }
        namespace.run("ip", "link", "set", "wg0", "up");
        NetworkNamespace.await(Duration.ofSeconds(5), () -> port() != 0, () -> "no port is bound");
        return this;
    }

    /**
     * Adds or changes a peer.
     *
     * @param endpointAddress null: leave it
     * @param allowedIps as "10.0.0.0/24"
     */
    void peer(
            byte[] publicKey,
            @Nullable String endpointAddress,
            int endpointPort,
            int keepaliveSeconds,
            String... allowedIps)
            throws UnknownHostException {
        List<AllowedIpChange> allowed = new ArrayList<>();
        for (String cidr : allowedIps) {
            int slash = cidr.indexOf('/');
            allowed.add(
                    new AllowedIpChange(
                            InetAddress.getByName(cidr.substring(0, slash)).getAddress(),
                            Integer.parseInt(cidr.substring(slash + 1)),
                            false));
        }
        EndpointAddress endpoint =
                endpointAddress == null
                        ? null
                        : new EndpointAddress(
                                InetAddress.getByName(endpointAddress).getAddress(),
                                endpointPort,
                                "");
        set(
                new UapiSet(
                        null,
                        OptionalInt.empty(),
                        OptionalLong.empty(),
                        false,
                        List.of(
                                new PeerChange(
                                        publicKey,
                                        false,
                                        false,
                                        null,
                                        endpoint,
                                        OptionalInt.of(keepaliveSeconds),
                                        true,
                                        allowed))));
    }

    void listenPort(int port) {
        set(new UapiSet(null, OptionalInt.of(port), OptionalLong.empty(), false, List.of()));
    }

    void fwmark(long fwmark) {
        set(new UapiSet(null, OptionalInt.empty(), OptionalLong.of(fwmark), false, List.of()));
    }

    /** Applies it; it must be accepted. */
    void set(UapiSet set) {
        int errno = datapath.set(set);
        if (errno != 0) {
            throw new AssertionError("errno " + errno);
        }
    }

    @Override
    public void close() {
        monitor.close();
        datapath.close();
        tun.close();
    }

    private final class Follower implements TunListener {
        @Override
        public void up() {
            int errno = datapath.up();
            if (errno != 0) {
                failures.add("up " + errno);
            }
        }

        @Override
        public void down() {
            datapath.down();
        }

        @Override
        public void mtu(int mtu) {}

        @Override
        public void deleted() {
            failures.add("deleted");
        }

        @Override
        public void routesChanged() {
            datapath.routesChanged();
        }

        @Override
        public void unobservable(ErrnoException why) {
            failures.add("unobservable " + why);
        }
    }
}
