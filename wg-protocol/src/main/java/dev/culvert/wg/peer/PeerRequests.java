package dev.culvert.wg.peer;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Peers for which a data-path thread wants something from the home thread: a lock-free stack linked
 * through the peers themselves, so it needs no memory and each peer is in it at most once. Any
 * thread adds; the home thread takes all.
 */
public final class PeerRequests {
    /** A handshake is due: the session is old, or nothing answers. */
    public static final int HANDSHAKE = 1;

    /** Packets were staged: start a handshake, or flush them when there is a session. */
    public static final int FLUSH = 1 << 1;

    /** The first packet under the next keypair was authenticated. */
    public static final int CONFIRMED = 1 << 2;

    /** A timer has to be started. */
    public static final int TIMERS = 1 << 3;

    private final AtomicReference<@Nullable Peer> newest = new AtomicReference<>();
    private final Runnable wake;

    /**
     * @param wake makes the home thread take the requests soon; called by any thread
     */
    public PeerRequests(Runnable wake) {
        this.wake = wake;
    }

    /** Adds a peer that is not in the stack, and wakes the home thread. */
    void add(Peer peer) {
        Peer head;
        do {
            head = newest.get();
            peer.olderRequest = head;
        } while (!newest.compareAndSet(head, peer));
        if (head == null) {
            wake.run();
        }
    }

    /**
     * Takes the whole stack. Home thread.
     *
     * @return the newest; go on with {@link Peer#takeRequest} until null
     */
    public @Nullable Peer takeAll() {
        return newest.getAndSet(null);
    }
}
