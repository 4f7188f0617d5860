package dev.culvert.datapath.io.syscalls;

/**
 * Whose turn it is to read the TUN queue. The inbound thread reads it as long as there is little to
 * do: what it has written to the TUN is often answered by the kernel at once, and the answer then
 * leaves without another thread being woken. With bulk data the outbound thread does, so that both
 * directions run at the same time.
 *
 * <p>The thread whose turn it is passes it on, and touches nothing of the outbound direction any
 * more: what it did is seen by the other.
 */
final class TunTurn implements AutoCloseable {
    private final Wakeup inboundWakeup = new Wakeup();
    private final Wakeup outboundWakeup = new Wakeup();
    private volatile boolean outbound;

    boolean isOutbound() {
        return outbound;
    }

    void passToOutbound() {
        outbound = true;
        outboundWakeup.signal();
    }

    void passToInbound() {
        outbound = false;
        inboundWakeup.signal();
    }

    /** What the inbound thread waits for beside its packets. */
    Wakeup inboundWakeup() {
        return inboundWakeup;
    }

    /** What the outbound thread waits for beside its packets. */
    Wakeup outboundWakeup() {
        return outboundWakeup;
    }

    /** After both threads have ended. */
    @Override
    public void close() {
        inboundWakeup.close();
        outboundWakeup.close();
    }
}
