package dev.culvert.wg.transport;

import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.replay.ReplayWindow;
import dev.culvert.wg.timers.Timeouts;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys of one session, both directions, with the send counter and the replay window.
 *
 * <p>The home thread makes it and retires it. A data-path thread holds it for the length of a batch
 * ({@link #acquire}, {@link #release}); its keys are zeroed and freed as soon as it is retired and
 * nobody holds it.
 */
public final class Keypair {
    /** From this counter on (unsigned) nothing is sent or accepted: 2^64 - 2^13 - 1. */
    public static final long REJECT_AFTER_MESSAGES = -(1L << 13) - 1;

    /** From this counter on a new handshake is wanted: 2^60. */
    public static final long REKEY_AFTER_MESSAGES = 1L << 60;

    private static final int RETIRED = 1 << 31;

    private final Peer peer;
    private final int localIndex;
    private final int remoteIndex;
    private final boolean initiator;
    private final long createdNs;
    private final SessionSecrets secrets;
    private final ReplayWindow replay = new ReplayWindow();
    private final AtomicLong nextCounter = new AtomicLong();

    /** How many hold it, and the RETIRED bit. */
    private final AtomicInteger holders = new AtomicInteger();

    private volatile boolean confirmed;
    private volatile boolean lastMinuteRekeyRequested;

    /**
     * Home thread. Copies the keys; the caller zeroes {@code keys}.
     *
     * @param sealWorkers how many workers may ask for a seal key: the home thread and each outbound
     *     thread
     * @param openWorkers how many workers may ask for an open key
     * @param createdNs when the keys were derived
     */
    public Keypair(
            Peer peer,
            AeadProvider provider,
            SessionKeys keys,
            int sealWorkers,
            int openWorkers,
            long createdNs) {
        this.peer = peer;
        this.localIndex = keys.localIndex();
        this.remoteIndex = keys.remoteIndex();
        this.initiator = keys.initiator();
        this.confirmed = keys.initiator();
        this.createdNs = createdNs;
        this.secrets =
                new SessionSecrets(
                        provider, keys.sendKey(), keys.receiveKey(), sealWorkers, openWorkers);
    }

    /**
     * Holds the keypair, so that its keys stay usable until {@link #release}. Any thread; once per
     * batch rather than per packet.
     *
     * @return false when it was retired: it must not be used
     */
    public boolean acquire() {
        int now = holders.get();
        while (now >= 0) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holders.get();
        }
        return false;
    }

    /** Ends what {@link #acquire} began. The last holder of a retired keypair zeroes its keys. */
    public void release() {
        if (holders.decrementAndGet() == RETIRED) {
            secrets.zero();
        }
    }

    /** Nobody may acquire it from now on. Home thread; a second call does nothing. */
    public void retire() {
        int before = holders.getAndUpdate(now -> now | RETIRED);
        if (before == 0) {
            secrets.zero();
        }
    }

    /** Whether it was retired. Any thread. */
    public boolean isRetired() {
        return holders.get() < 0;
    }

    /**
     * Takes {@code n} counters in a row. Any thread.
     *
     * @param n at least 1
     * @return the first of them, or -1 when REJECT_AFTER_MESSAGES would be reached
     */
    public long reserve(int n) {
        long last = REJECT_AFTER_MESSAGES - n;
        long first = nextCounter.get();
        while (Long.compareUnsigned(first, last) <= 0) {
            long seen = nextCounter.compareAndExchange(first, first + n);
            if (seen == first) {
                return first;
            }
            first = seen;
        }
        return -1;
    }

    /** Ends sending under this keypair; what arrives under it is still accepted. Home thread. */
    public void stopSending() {
        skipTo(REJECT_AFTER_MESSAGES);
    }

    /**
     * Leaves out all counters below {@code counter}; there is no way back. Any thread.
     *
     * @param counter unsigned
     */
    public void skipTo(long counter) {
        nextCounter.accumulateAndGet(counter, (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b);
    }

    /** Whether packets may be sealed with it: young enough, counters left, not retired. */
    public boolean canSend(long nowNs) {
        return !expired(nowNs)
                && Long.compareUnsigned(nextCounter.get(), REJECT_AFTER_MESSAGES) < 0
                && !isRetired();
    }

    /** Whether it reached REJECT_AFTER_TIME: neither send nor accept packets. Any thread. */
    public boolean expired(long nowNs) {
        return nowNs - createdNs >= Timeouts.REJECT_AFTER_TIME_NS;
    }

    /**
     * Whether sending a packet should start a new handshake: REKEY_AFTER_MESSAGES, or
     * REKEY_AFTER_TIME for the initiator, so that both sides do not start one (whitepaper §6.2).
     */
    public boolean wantsRekeyOnSend(long nowNs) {
        return Long.compareUnsigned(nextCounter.get(), REKEY_AFTER_MESSAGES) >= 0
                || (initiator && nowNs - createdNs >= Timeouts.REKEY_AFTER_TIME_NS);
    }

    /**
     * Whether receiving a packet should start a new handshake, as the session is about to expire
     * while we only listen. True at most once for a keypair.
     */
    public boolean takeRekeyOnReceive(long nowNs) {
        if (!initiator
                || lastMinuteRekeyRequested
                || nowNs - createdNs < Timeouts.REKEY_ON_RECEIVE_NS) {
            return false;
        }
        lastMinuteRekeyRequested = true;
        return true;
    }

    /**
     * Whether the other side is known to have the keys: from the start for an initiator, after the
     * first authenticated packet for a responder.
     */
    public boolean isConfirmed() {
        return confirmed;
    }

    /** Marks it confirmed; a data-path thread that authenticated a packet under it. */
    public void confirm() {
        confirmed = true;
    }

    /**
     * The sealing context of a worker, made at its first call. Only that worker, while it holds the
     * keypair.
     *
     * @param worker 0: the home thread, 1..: outbound threads
     */
    public AeadKey sealKey(int worker) {
        return secrets.sealKey(worker);
    }

    /**
     * The opening context of a worker, made at its first call. Only that worker, while it holds the
     * keypair.
     *
     * @param worker 0..: inbound threads
     */
    public AeadKey openKey(int worker) {
        return secrets.openKey(worker);
    }

    /** Our index, which the peer writes into its messages. */
    public int localIndex() {
        return localIndex;
    }

    /** The peer's index, which we write into ours. */
    public int remoteIndex() {
        return remoteIndex;
    }

    /** The peer at the other end. */
    public Peer peer() {
        return peer;
    }

    /** When the keys were derived. */
    public long createdNs() {
        return createdNs;
    }

    /** Whether we began the handshake. */
    public boolean initiator() {
        return initiator;
    }

    /** Counters received under this keypair. */
    public ReplayWindow replay() {
        return replay;
    }

    /** For tests: whether nothing of the keys is left. */
    public boolean isZeroed() {
        return secrets.isZeroed();
    }

    /** Names the indices, never a key. */
    @Override
    public String toString() {
        return String.format("Keypair[local=%08x, remote=%08x]", localIndex, remoteIndex);
    }
}
