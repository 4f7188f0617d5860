package dev.culvert.wg.timers;

/** The constants of whitepaper §6.1, in nanoseconds, and what follows from them. */
public final class Timeouts {
    private static final long SECOND_NS = 1_000_000_000L;

    /** The initiator starts a new handshake when it sends under an older session. */
    public static final long REKEY_AFTER_TIME_NS = 120 * SECOND_NS;

    /** No packet is sent or accepted under an older session. */
    public static final long REJECT_AFTER_TIME_NS = 180 * SECOND_NS;

    /** After this long without a response, an initiation is sent again; never sooner. */
    public static final long REKEY_TIMEOUT_NS = 5 * SECOND_NS;

    /** Up to this much is added to timers that would make both sides act at once. */
    public static final long REKEY_JITTER_NS = 333_000_000L;

    /** After this long without a response, no more initiations are sent. */
    public static final long REKEY_ATTEMPT_TIME_NS = 90 * SECOND_NS;

    /**
     * After this long without a packet to answer with, received data is answered by a keepalive.
     */
    public static final long KEEPALIVE_TIMEOUT_NS = 10 * SECOND_NS;

    /** The initiator of a session this old starts a new handshake when it receives. */
    public static final long REKEY_ON_RECEIVE_NS =
            REJECT_AFTER_TIME_NS - KEEPALIVE_TIMEOUT_NS - REKEY_TIMEOUT_NS;

    /** Data that got no answer for this long starts a new handshake. */
    public static final long NEW_HANDSHAKE_NS = KEEPALIVE_TIMEOUT_NS + REKEY_TIMEOUT_NS;

    /** After this long without a new session, all keys are zeroed. */
    public static final long ZERO_KEYS_NS = 3 * REJECT_AFTER_TIME_NS;

    /** Least time between two accepted initiations of one peer. */
    public static final long INITIATION_INTERVAL_NS = SECOND_NS / 50;

    /**
     * How long an announced change of identity may wait for its response before data sends another
     * initiation. Two at once would lose both: the peer refuses the second within
     * INITIATION_INTERVAL, and its response to the first no longer fits.
     */
    public static final long ANNOUNCEMENT_NS = SECOND_NS / 4;

    private Timeouts() {}
}
