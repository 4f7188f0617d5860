package dev.culvert.datapath;

import dev.culvert.datapath.home.ActionRunner;
import dev.culvert.datapath.home.HomeLoop;
import dev.culvert.datapath.home.WakeSignal;
import dev.culvert.datapath.io.IoEngines;
import dev.culvert.datapath.io.PacketIoProvider;
import dev.culvert.datapath.io.syscalls.SyscallsProvider;
import dev.culvert.datapath.io.uring.IoUringProvider;
import dev.culvert.datapath.nat.Nat;
import dev.culvert.datapath.nat.NatRules;
import dev.culvert.datapath.nat.NatStatistics;
import dev.culvert.datapath.outbound.DatagramRun;
import dev.culvert.datapath.outbound.Sealer;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.datapath.udp.UdpPort;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.datapath.udp.UdpSocketPair;
import dev.culvert.tun.TunDevice;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.ThreadEnd;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.device.Device;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.UapiSet;
import java.lang.foreign.Arena;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One tunnel: a TUN device, a WireGuard device, UDP sockets and the threads that move packets
 * between them.
 *
 * <p>It starts down. The owner follows the TUN with a {@code TunMonitor} and passes on what happens
 * to it: {@link #up}, {@link #down}, {@link #routesChanged}. All methods may be called by any
 * thread but those of the data path (so not inside of {@link DatapathListener}), and wait for the
 * home thread where they change something.
 */
public final class Datapath implements AutoCloseable {
    private final AeadProvider aead;
    private final TunDevice tun;

    /**
     * The same for all who ask. A method reference is a class of its own wherever it stands, and
     * code compiled for one of them would be thrown away when it meets another.
     */
    private final IntSupplier mtu;

    private final PacketIoProvider provider;
    private final RandomGenerator random;
    private final Arena arena = Arena.ofShared();
    private final WakeSignal wake = new WakeSignal();
    private final UdpPort port = new UdpPort();
    private final Device device;
    private final DropCounters homeDrops = new DropCounters();
    private final DatagramRun homeRun;
    private final Shard shard;
    private final Binding binding;
    private final HomeLoop home;
    private final Thread homeThread;
    private volatile @Nullable Nat nat;

    /**
     * Prepares a tunnel; nothing runs before {@link #start}.
     *
     * @param tun stays the caller's, to be closed after this
     * @param random a cryptographic generator
     * @throws IllegalArgumentException in one line, when the I/O engine cannot be had
     */
    public Datapath(
            TunDevice tun,
            AeadProvider aead,
            RandomGenerator random,
            DatapathSettings settings,
            DatapathListener listener) {
        this.aead = aead;
        this.tun = tun;
        this.mtu = tun::mtu;
        this.random = random;
        provider =
                IoEngines.select(
                        settings.io(), List.of(new SyscallsProvider(), new IoUringProvider()));
        device = new Device(aead, random, UdpEndpoint::of, wake, 1);
        homeRun = new DatagramRun(arena, port, homeDrops);
        shard =
                new Shard(
                        0,
                        arena,
                        tun,
                        mtu,
                        settings.tunGro(),
                        port,
                        device.allowedIps(),
                        device.indexTable(),
                        wake,
                        provider,
                        new Failures(listener));
        binding =
                new Binding(
                        port, settings.udpOffload(), settings.addresses(), shard.io::receiveFrom);
        home =
                new HomeLoop(
                        device,
                        wake,
                        List.of(shard.handshakes),
                        new ActionRunner(
                                arena, homeRun, new Sealer(0, mtu, homeRun, homeDrops), homeDrops),
                        homeDrops);
        homeThread = Thread.ofPlatform().daemon().name("home").unstarted(run(listener));
    }

    private Runnable run(DatapathListener listener) {
        return () -> {
            try {
                home.run();
            } catch (Throwable bug) {
                listener.onCrash(bug);
            }
        };
    }

    /** Starts the threads. Called once; the tunnel is down until {@link #up}. */
    public void start() {
        homeThread.start();
        shard.io.start();
    }

    /**
     * The interface came up: binds the sockets and starts the timers.
     *
     * @return 0, or the positive errno that the sockets could not be bound with: still down then
     */
    public int up() {
        return home.call(() -> {
            int errno = binding.up();
            if (errno == 0) {
                device.up(Libc.clockBoottimeNs(), Libc.clockRealtimeNs());
            }
            return errno;
        });
    }

    /** The interface went down: closes the sockets, zeroes session keys, drops staged packets. */
    public void down() {
        home.call(() -> {
            device.down();
            binding.down();
            return 0;
        });
    }

    /** Starts a handshake with every peer that has an endpoint and no session, data or not. */
    public void connect() {
        home.call(() -> {
            device.connect(Libc.clockBoottimeNs(), Libc.clockRealtimeNs());
            return 0;
        });
    }

    /** Starts a handshake with every peer that has an endpoint; its session is used until then. */
    public void renew() {
        home.call(() -> {
            device.renew(Libc.clockBoottimeNs(), Libc.clockRealtimeNs());
            return 0;
        });
    }

    /** Local addresses or routes changed: remembered source addresses are forgotten. */
    public void routesChanged() {
        home.call(() -> {
            device.clearSources();
            return 0;
        });
    }

    /**
     * Applies a {@code set=1} request, wholly or not at all. The caller zeroes it.
     *
     * @return 0, or a positive errno: then nothing has changed
     */
    public int set(UapiSet set) {
        return home.call(() -> apply(set));
    }

    private int apply(UapiSet set) {
        int portBefore = binding.listenPort();
        int fwmarkBefore = binding.fwmark();
        int fwmark = set.fwmark().isPresent() ? (int) set.fwmark().getAsLong() : fwmarkBefore;
        boolean rebinds = set.listenPort().isPresent() || set.fwmark().isPresent();
        if (rebinds) {
            int errno = binding.change(set.listenPort().orElse(portBefore), fwmark);
            if (errno != 0) {
                return errno;
            }
        }
        int errno = device.apply(set, Libc.clockBoottimeNs(), Libc.clockRealtimeNs());
        if (errno != 0) {
            if (rebinds) {
                binding.change(portBefore, fwmarkBefore);
            }
            return errno;
        }
        if (rebinds) {
            device.clearSources();
        }
        return 0;
    }

    /** The state for {@code get=1}. The caller zeroes it. */
    public DeviceSnapshot snapshot() {
        return home.call(() ->
                device.snapshot(binding.listenPort(), Integer.toUnsignedLong(binding.fwmark())));
    }

    /**
     * Runs a command on the home thread, which has the {@link Device} to itself, and waits for it.
     *
     * @throws IllegalStateException when the tunnel is closed
     */
    public <T> T call(Callable<T> command) {
        return home.call(command);
    }

    /**
     * Translates addresses by these rules from now on; null: not any more. The same rules again
     * change nothing, other rules begin with an empty table. One caller at a time.
     *
     * @throws IllegalArgumentException if two port forwards have one port or one target
     */
    public void translate(@Nullable NatRules rules) {
        Nat present = nat;
        if (rules == null ? present == null : present != null && present.rules().equals(rules)) {
            return;
        }
        Nat next = rules == null ? null : new Nat(rules, random, mtu);
        nat = next;
        shard.translate(next);
    }

    /** What the translation holds at the moment, or null: nothing is translated. */
    public @Nullable NatStatistics natStatistics() {
        Nat present = nat;
        return present == null ? null : present.statistics();
    }

    /** What happened so far. Without the home thread: works while that is busy. */
    public DatapathStatistics statistics() {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count =
                    homeDrops.get(reason)
                            + shard.outboundDrops.get(reason)
                            + shard.inboundDrops.get(reason)
                            + device.drops().get(reason);
            if (count > 0) {
                drops.put(reason, count);
            }
        }
        UdpSocketPair bound = port.bound();
        boolean segmentation =
                bound != null && bound.sockets().stream().allMatch(UdpSocket::segmentation);
        return new DatapathStatistics(
                provider.name(),
                aead.name(),
                segmentation,
                shard.run.segmentationRefusals() + homeRun.segmentationRefusals(),
                tun.tcpSegmentation(),
                shard.coalescer.coalescesTcp(),
                shard.coalescer.packetsWritten(),
                shard.coalescer.superPacketsWritten(),
                shard.coalescer.packetsLost(),
                shard.coalescer.superPacketsRefused(),
                shard.unreachable.answers(),
                shard.handshakes.size(),
                device.stagedBytes(),
                drops);
    }

    /** Stops the threads, closes the sockets, and zeroes every key. The TUN stays open. */
    @Override
    public void close() {
        if (homeThread.isAlive()) {
            try {
                down();
            } catch (IllegalStateException ended) {
                // It crashed: what it would have done follows below.
                binding.down();
            }
        }
        shard.io.close();
        home.stop();
        ThreadEnd.await(homeThread);
        device.close();
        wake.close();
        arena.close();
    }
}
