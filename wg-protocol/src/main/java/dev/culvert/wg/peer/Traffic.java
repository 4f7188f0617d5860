package dev.culvert.wg.peer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Times and counters of a peer's traffic. Data-path threads write them, mostly with opaque writes;
 * the home thread reads them when a timer expires and works out whether it is really due, so that
 * no timer is moved per packet.
 *
 * <p>A pair of times says whether something is outstanding: data that was sent is unanswered while
 * {@code firstUnansweredSentNs} is later than {@code lastReceivedNs}, and the other way round. The
 * first of them is written strictly after the second, also when a clock read is shared.
 */
@SuppressWarnings("UnusedVariable") // The fields are used through their handles.
public final class Traffic {
    private static final VarHandle LAST_SENT = handle("lastSentNs", long.class);
    private static final VarHandle LAST_RECEIVED = handle("lastReceivedNs", long.class);
    private static final VarHandle UNANSWERED_SENT = handle("firstUnansweredSentNs", long.class);
    private static final VarHandle UNANSWERED_RECEIVED =
            handle("firstUnansweredReceivedNs", long.class);
    private static final VarHandle DEMANDED = handle("demandedNs", long.class);
    private static final VarHandle TX = handle("txBytes", long.class);
    private static final VarHandle RX = handle("rxBytes", long.class);
    private static final VarHandle TX_PACKETS = handle("txPackets", long.class);
    private static final VarHandle RX_PACKETS = handle("rxPackets", long.class);
    private static final VarHandle REQUESTS = handle("requests", int.class);

    private long lastSentNs;
    private long lastReceivedNs;
    private long firstUnansweredSentNs;
    private long firstUnansweredReceivedNs;
    private long demandedNs;
    private long txBytes;
    private long rxBytes;
    private long txPackets;
    private long rxPackets;
    private int requests;

    /** Whether the home thread will look at unanswered sent data by itself. */
    private volatile boolean answerTimerArmed;

    /** Whether the home thread will look at unanswered received data by itself. */
    private volatile boolean keepaliveTimerArmed;

    Traffic(long nowNs) {
        reset(nowNs);
    }

    /** Forgets what was outstanding. Home thread. */
    public void reset(long nowNs) {
        LAST_SENT.setOpaque(this, nowNs);
        LAST_RECEIVED.setOpaque(this, nowNs);
        UNANSWERED_SENT.setOpaque(this, nowNs);
        UNANSWERED_RECEIVED.setOpaque(this, nowNs);
        DEMANDED.setOpaque(this, nowNs);
    }

    /** Notes an authenticated packet to the peer that asks for no answer. */
    public void sent(long nowNs) {
        LAST_SENT.setOpaque(this, nowNs);
    }

    /**
     * Notes data to the peer.
     *
     * @param heardNs {@link #lastReceivedNs} before it was sent: since then the answer may have
     *     come
     * @return whether the home thread has to start the timer for an answer
     */
    boolean sentData(long nowNs, long heardNs) {
        sent(nowNs);
        if ((long) UNANSWERED_SENT.getOpaque(this) - heardNs > 0) {
            return false;
        }
        // Volatile, as is the flag: either this thread sees the timer disarmed, or the home thread,
        // which disarms it and then looks again, sees this time.
        UNANSWERED_SENT.setVolatile(this, later(nowNs, heardNs + 1));
        return !answerTimerArmed;
    }

    /** When the last authenticated packet of the peer was received. */
    long lastReceivedNs() {
        return (long) LAST_RECEIVED.getOpaque(this);
    }

    /**
     * Notes an authenticated packet of the peer.
     *
     * @return whether the home thread has to start the timer for a keepalive
     */
    public boolean received(long nowNs, boolean data) {
        LAST_RECEIVED.setOpaque(this, nowNs);
        if (!data) {
            return false;
        }
        long sentNs = (long) LAST_SENT.getOpaque(this);
        if ((long) UNANSWERED_RECEIVED.getOpaque(this) - sentNs > 0) {
            return false;
        }
        UNANSWERED_RECEIVED.setVolatile(this, later(nowNs, sentNs + 1));
        return !keepaliveTimerArmed;
    }

    /** Notes that somebody wants to send data and that a session is needed for it. */
    void demanded(long nowNs) {
        DEMANDED.setOpaque(this, nowNs);
    }

    /** When data last wanted a session. */
    public long demandedNs() {
        return (long) DEMANDED.getOpaque(this);
    }

    /** When the last authenticated packet was sent or received. */
    public long lastPacketNs() {
        return later((long) LAST_SENT.getOpaque(this), (long) LAST_RECEIVED.getOpaque(this));
    }

    /** Whether data was sent and nothing came back since. */
    public boolean awaitsAnswer() {
        return (long) UNANSWERED_SENT.getVolatile(this) - (long) LAST_RECEIVED.getOpaque(this) > 0;
    }

    /** When the first such data was sent. */
    public long firstUnansweredSentNs() {
        return (long) UNANSWERED_SENT.getOpaque(this);
    }

    /** Whether data was received and nothing was sent since. */
    public boolean owesAnswer() {
        return (long) UNANSWERED_RECEIVED.getVolatile(this) - (long) LAST_SENT.getOpaque(this) > 0;
    }

    /** When the first such data was received. */
    public long firstUnansweredReceivedNs() {
        return (long) UNANSWERED_RECEIVED.getOpaque(this);
    }

    /** Takes the missing answer as dealt with: the next data sent awaits one anew. Home thread. */
    public void stopAwaitingAnswer() {
        UNANSWERED_SENT.setVolatile(this, (long) LAST_RECEIVED.getOpaque(this));
    }

    /** Takes the answer as given: the next data received asks for one anew. Home thread. */
    public void stopOwingAnswer() {
        UNANSWERED_RECEIVED.setVolatile(this, (long) LAST_SENT.getOpaque(this));
    }

    /** Says whether the timer for an answer runs. Home thread. */
    public void setAnswerTimerArmed(boolean armed) {
        answerTimerArmed = armed;
    }

    /** Says whether the timer for a keepalive runs. Home thread. */
    public void setKeepaliveTimerArmed(boolean armed) {
        keepaliveTimerArmed = armed;
    }

    boolean answerTimerArmed() {
        return answerTimerArmed;
    }

    boolean keepaliveTimerArmed() {
        return keepaliveTimerArmed;
    }

    /** Counts datagrams sent; negative: takes back what was not sent after all. */
    public void addTx(long packets, long bytes) {
        TX_PACKETS.getAndAdd(this, packets);
        TX.getAndAdd(this, bytes);
    }

    /** Counts datagrams received and authenticated. */
    public void addRx(long packets, long bytes) {
        RX_PACKETS.getAndAdd(this, packets);
        RX.getAndAdd(this, bytes);
    }

    long txBytes() {
        return (long) TX.getOpaque(this);
    }

    long rxBytes() {
        return (long) RX.getOpaque(this);
    }

    long txPackets() {
        return (long) TX_PACKETS.getOpaque(this);
    }

    long rxPackets() {
        return (long) RX_PACKETS.getOpaque(this);
    }

    /** Whether nothing was requested before. */
    boolean addRequest(int what) {
        // A look first: most requests repeat one that is still waiting. Volatile, as what was
        // written before has to be visible when the home thread has taken that one already.
        return ((int) REQUESTS.getVolatile(this) & what) != what
                && (int) REQUESTS.getAndBitwiseOr(this, what) == 0;
    }

    int takeRequests() {
        return (int) REQUESTS.getAndSet(this, 0);
    }

    private static long later(long aNs, long bNs) {
        return aNs - bNs >= 0 ? aNs : bNs;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Traffic.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
