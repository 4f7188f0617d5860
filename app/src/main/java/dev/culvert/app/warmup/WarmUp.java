package dev.culvert.app.warmup;

import dev.culvert.app.log.QuietThreads;
import dev.culvert.datapath.DatapathSettings;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.aead.AeadProvider;
import java.util.function.LongSupplier;

/**
 * Makes the JVM compile the packet path right after the start, before the first packets need it:
 * interpreted, a packet takes some ten times as long. Packets of its own go through data paths of
 * its own, which hear nobody beyond the loopback addresses. It ends after two seconds at most, and
 * at once when the tunnel is busy: that compiles the same methods.
 */
public final class WarmUp {
    /** The second pass meets a session that is replaced, which the compiled code must survive. */
    private static final int PASSES = 2;

    /** Of each pass. After both, nothing of the packet path is left to compile: measured. */
    private static final int PACKETS = 5_000;

    private static final long LIMIT_NS = 2_000_000_000L;
    private static final long LOOK_NS = 20_000_000L;

    /** More than a handshake, a few pings and a login. */
    private static final long BUSY_PACKETS = 500;

    private static final int PRIO_PROCESS = 0;
    private static final int NICEST = 19;

    private final DatapathSettings settings;
    private final AeadProvider aead;
    private final LongSupplier tunnelPackets;
    private final long endNs = System.nanoTime() + LIMIT_NS;
    private long lookNs = System.nanoTime();

    private WarmUp(DatapathSettings settings, AeadProvider aead, LongSupplier tunnelPackets) {
        this.settings =
                new DatapathSettings(
                        settings.io(),
                        settings.tunGro(),
                        settings.udpOffload(),
                        UdpAddresses.LOOPBACK);
        this.aead = aead;
        this.tunnelPackets = tunnelPackets;
    }

    /**
     * Starts in the background, behind everything else that wants the CPU.
     *
     * @param settings of the tunnel; the engine and the offloads are the same
     * @param tunnelPackets how many packets the tunnel has received so far
     * @return the thread, which leaves nothing behind when it ends
     */
    public static Thread start(
            DatapathSettings settings, AeadProvider aead, LongSupplier tunnelPackets) {
        WarmUp warmUp = new WarmUp(settings, aead, tunnelPackets);
        return Thread.ofPlatform()
                .daemon()
                .group(QuietThreads.group())
                .name("warm-up")
                .start(warmUp::run);
    }

    private void run() {
        Libc.setpriority(PRIO_PROCESS, 0, NICEST); // and so for the threads that it starts
        try {
            for (int pass = 0; pass < PASSES; pass++) {
                PacketRun.run(settings, aead, PACKETS, this::isEnough);
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
        return nowNs - endNs >= 0 || tunnelPackets.getAsLong() > BUSY_PACKETS;
    }
}
