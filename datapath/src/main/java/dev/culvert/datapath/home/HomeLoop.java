package dev.culvert.datapath.home;

import dev.culvert.datapath.inbound.HandshakeRing;
import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.wg.device.Device;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.Callable;

/** The home thread: waits for the engine's deadlines, for messages, requests and commands. */
public final class HomeLoop implements Runnable {
    /** Handshake messages after which timers and commands have their turn. */
    private static final int MESSAGES_PER_TURN = 16;

    private static final long UNDER_LOAD_NS = 1_000_000_000;

    private final Device device;
    private final WakeSignal wake;
    private final List<HandshakeRing> handshakes;
    private final ActionRunner actions;
    private final DropCounters drops;
    private final Commands commands;
    private long underLoadUntilNs = Long.MIN_VALUE;
    private boolean wasUnderLoad;
    private long nowNs;
    private volatile boolean stopped;

    /**
     * @param handshakes one ring per inbound thread
     * @param drops of the home thread
     */
    public HomeLoop(
            Device device,
            WakeSignal wake,
            List<HandshakeRing> handshakes,
            ActionRunner actions,
            DropCounters drops) {
        this.device = device;
        this.wake = wake;
        this.handshakes = List.copyOf(handshakes);
        this.actions = actions;
        this.drops = drops;
        this.commands = new Commands(wake);
    }

    /**
     * Runs a command on the home thread, with the device to itself, and waits for its result. Any
     * thread but those of the packet path.
     *
     * @throws IllegalStateException when the loop has ended
     */
    public <T> T call(Callable<T> command) {
        return commands.call(command);
    }

    /** Ends {@link #run} soon. Any thread. */
    public void stop() {
        stopped = true;
        wake.wake();
    }

    @Override
    public void run() {
        commands.adopt();
        try (Arena arena = Arena.ofConfined();
                DeadlineTimer timer = new DeadlineTimer()) {
            MemorySegment pollFds = arena.allocate(2 * PollFd.SIZE_BYTES, 8);
            PollFd.set(pollFds, 0, 0, wake.fd(), PollFd.POLLIN);
            PollFd.set(pollFds, 0, 1, timer.fd(), PollFd.POLLIN);
            while (!stopped) {
                boolean more = turn();
                timer.arm(device.nextDeadlineNs());
                if (!more) {
                    Libc.poll(pollFds, 0, 2, -1);
                    if (PollFd.returnedEvents(pollFds, 0, 1) != 0) {
                        timer.expired();
                    }
                }
            }
        } finally {
            commands.close();
        }
    }

    /** Does what there is to do. True: there is more. */
    private boolean turn() {
        wake.take();
        nowNs = Libc.clockBoottimeNs();
        long wallNs = Libc.clockRealtimeNs();
        commands.run();
        boolean more = false;
        for (HandshakeRing ring : handshakes) {
            more |= handle(ring, wallNs);
        }
        device.handleWakeups(nowNs, wallNs);
        if (device.nextDeadlineNs() - nowNs <= 0) {
            device.handleTimeouts(nowNs, wallNs);
        }
        actions.runAll(device, nowNs);
        return more;
    }

    private boolean handle(HandshakeRing ring, long wallNs) {
        for (int i = 0; i < MESSAGES_PER_TURN; i++) {
            boolean underLoad = isUnderLoad(ring);
            if (!ring.poll((m, length, from) -> handle(m, length, from, underLoad, wallNs))) {
                return false;
            }
        }
        return true;
    }

    private boolean isUnderLoad(HandshakeRing ring) {
        if (ring.isUnderLoad()) {
            underLoadUntilNs = nowNs + UNDER_LOAD_NS;
            wasUnderLoad = true;
        } else if (wasUnderLoad && underLoadUntilNs - nowNs <= 0) {
            wasUnderLoad = false;
        }
        return wasUnderLoad;
    }

    private void handle(
            byte[] message, int length, UdpEndpoint from, boolean underLoad, long wallNs) {
        DropReason dropped =
                device.handleHandshake(nowNs, wallNs, message, length, from, underLoad);
        if (dropped != null) {
            drops.count(dropped);
        }
    }
}
