package dev.culvert.wg.timers;

/**
 * One timer of one owner: idle, or in a {@link DeadlineHeap} with a deadline.
 *
 * @param <O> whose timer it is
 */
public final class Timer<O> {
    /** What is to be done when a timer expires. */
    public enum Kind {
        /** Send the initiation again, or give up. */
        RETRANSMIT_HANDSHAKE,
        /** Data was sent and nothing came back: look whether a new handshake is due. */
        NEW_HANDSHAKE,
        /** Data was received and nothing was sent: look whether a keepalive is due. */
        SEND_KEEPALIVE,
        /** Look whether a persistent keepalive is due. */
        PERSISTENT_KEEPALIVE,
        /** Zero all keys of the peer. */
        ZERO_KEYS
    }

    static final int IDLE = -1;

    private final O owner;
    private final Kind kind;
    private long deadlineNs;
    int position = IDLE;

    /** An idle timer. */
    public Timer(O owner, Kind kind) {
        this.owner = owner;
        this.kind = kind;
    }

    /** Whose timer it is. */
    public O owner() {
        return owner;
    }

    /** What is to be done when it expires. */
    public Kind kind() {
        return kind;
    }

    /** Whether it is in a heap. */
    public boolean isArmed() {
        return position != IDLE;
    }

    /** When it expires; meaningful while it is armed. */
    public long deadlineNs() {
        return deadlineNs;
    }

    void setDeadlineNs(long deadlineNs) {
        this.deadlineNs = deadlineNs;
    }

    boolean isBefore(Timer<?> other) {
        return deadlineNs - other.deadlineNs < 0;
    }
}
