package dev.culvert.app.warmup;

import dev.culvert.app.log.QuietThreads;
import dev.culvert.datapath.DatapathSettings;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.aead.AeadProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JVM compile the packet path during the start, before the first packets need it:
 * interpreted, a packet takes some ten times as long. Packets of its own go through data paths of
 * its own, which hear nobody beyond the loopback addresses. It ends after two seconds at most, and
 * at once when the tunnel is busy: that compiles the same methods. What a lone packet needs, such
 * as a ping, bulk data does not compile: that comes last, when the tunnel is quiet.
 */
public final class WarmUp {
    /** With each of two sessions. Then nothing of the packet path is left to compile: measured. */
    private static final int PACKETS = 5_000;

    private static final long LIMIT_NS = 2_000_000_000L;
    private static final long LOOK_NS = 20_000_000L;

    /** More than a handshake, a few pings and a login. */
    private static final long BUSY_PACKETS = 500;

    /** Of the process, when those who wait for it to listen have waited long enough. */
    private static final long HEAD_START_MS = 450;

    private static final int LONE_PACKETS = 4_000;
    private static final long LONE_LIMIT_NS = 2_000_000_000L;

    /** In one look at the tunnel, a few pings and keepalives. */
    private static final long QUIET_PACKETS = 20;

    private static final long QUIET_LOOK_MS = 200;

    /** A tunnel that is busy from the beginning for so long has compiled what it needs. */
    private static final long QUIET_LIMIT_NS = 20_000_000_000L;

    private static final int PRIO_PROCESS = 0;
    private static final int NICEST = 19;

    private final DatapathSettings settings;
    private final Supplier<AeadProvider> aead;
    private final Thread thread;
    private final long startNs = System.nanoTime();
    private long endNs = startNs + LIMIT_NS;
    private long busyPackets = BUSY_PACKETS;
    private long lookNs = System.nanoTime();

    /** Null: it is not there yet. */
    private volatile @Nullable LongSupplier tunnelPackets;

    private WarmUp(DatapathSettings settings, Supplier<AeadProvider> aead) {
        this.settings =
                new DatapathSettings(
                        settings.io(),
                        settings.tunGro(),
                        settings.udpOffload(),
                        UdpAddresses.LOOPBACK);
        this.aead = aead;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .group(QuietThreads.group())
                        .name("warm-up")
                        .unstarted(this::run);
    }

    /**
     * Starts in the background, behind everything else that wants the CPU. Its thread leaves
     * nothing behind when it ends.
     *
     * @param settings of the tunnel; the engine and the offloads are the same
     * @param aead may take its time
     */
    public static WarmUp start(DatapathSettings settings, Supplier<AeadProvider> aead) {
        WarmUp warmUp = new WarmUp(settings, aead);
        warmUp.thread.start();
        return warmUp;
    }

    /**
     * Ends when the tunnel is busy.
     *
     * @param tunnelPackets how many packets it has received so far; asked by the thread of the
     *     warm-up
     */
    public void watch(LongSupplier tunnelPackets) {
        this.tunnelPackets = tunnelPackets;
    }

    /**
     * Gives it a head start: waits until it has come to its end, or the process is 450 ms old. Not
     * longer, since somebody waits for the process.
     */
    public void awaitHeadStart() {
        try {
            long leftMs = HEAD_START_MS - ProcessAge.readMs();
            if (leftMs > 0) {
                thread.join(leftMs);
            }
        } catch (IOException unreadable) {
            // Without /proc there is no head start.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for its end. */
    boolean join(Duration atMost) throws InterruptedException {
        return thread.join(atMost);
    }

    private void run() {
        Libc.setpriority(PRIO_PROCESS, 0, NICEST); // and so for the threads that it starts
        try {
            AeadProvider provider = aead.get();
            boolean quiet = false;
            try (PacketRun run = PacketRun.open(settings, provider)) {
                run.movePackets(PACKETS, this::isEnough);
                run.replaceSession(); // what is compiled meets that, too
                run.movePackets(PACKETS, this::isEnough);
                quiet = !isBusy();
                if (quiet) {
                    moveAlone(run);
                }
            }
            if (!quiet && awaitQuiet()) {
                try (PacketRun run = PacketRun.open(settings, provider)) {
                    moveAlone(run);
                }
            }
        } catch (Exception failed) {
            // Such as a namespace whose loopback interface is down. The tunnel works all the same,
            // and its first second is slower.
        }
    }

    private boolean isEnough() {
        long nowNs = System.nanoTime();
        if (nowNs - lookNs < 0) {
            return false;
        }
        lookNs = nowNs + LOOK_NS;
        return nowNs - endNs >= 0 || isBusy();
    }

    private boolean isBusy() {
        return tunnelPackets() > busyPackets;
    }

    private void moveAlone(PacketRun run) {
        endNs = System.nanoTime() + LONE_LIMIT_NS;
        busyPackets = tunnelPackets() + BUSY_PACKETS;
        run.moveAlone(LONE_PACKETS, this::isEnough);
    }

    /** False: the tunnel was not quiet in time. */
    private boolean awaitQuiet() throws InterruptedException {
        long seen = tunnelPackets();
        while (System.nanoTime() - startNs < QUIET_LIMIT_NS) {
            Thread.sleep(QUIET_LOOK_MS);
            long packets = tunnelPackets();
            if (packets - seen <= QUIET_PACKETS) {
                return true;
            }
            seen = packets;
        }
        return false;
    }

    private long tunnelPackets() {
        LongSupplier packets = tunnelPackets;
        return packets == null ? 0 : packets.getAsLong();
    }
}
