package dev.culvert.wg.device;

import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.peer.Peer;

/** Something that the device wants its owner to do, in order. */
public sealed interface Action {
    /**
     * Send a handshake message or cookie reply as one datagram. It is counted already.
     *
     * @param to where
     * @param message the whole datagram; not used again by the engine
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
    record SendMessage(Endpoint to, byte[] message) implements Action {}

    /**
     * Seal and send the peer's staged packets ({@link Peer#drainStaged}), then call {@link
     * Peer#onSent}.
     *
     * @param peer has a session
     */
    record SendStaged(Peer peer) implements Action {}

    /**
     * Seal and send a packet of zero bytes, then call {@link Peer#onSent} with {@code data} false.
     *
     * @param peer has a session
     */
    record SendKeepalive(Peer peer) implements Action {}

    /**
     * For the log, one line; nothing has to be done.
     *
     * @param peer it happened to
     * @param what happened
     */
    record Happened(Peer peer, Event what) implements Action {}

    /** What is worth a line in the log. */
    enum Event {
        /** An initiation was sent for the first time. */
        HANDSHAKE_STARTED,
        /** No response within REKEY_TIMEOUT, or no answer to data: sent again. */
        HANDSHAKE_RETRIED,
        /** No response within REKEY_ATTEMPT_TIME. */
        HANDSHAKE_GIVEN_UP,
        /** An initiation of the peer was answered. */
        INITIATION_ANSWERED,
        /** A session is established: keys are known to both sides. */
        HANDSHAKE_COMPLETED,
        /** A cookie was received: the peer is under load. */
        COOKIE_RECEIVED,
        /** No new session for a long time: keys are gone. */
        KEYS_ZEROED
    }
}
