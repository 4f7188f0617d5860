package dev.culvert.wg.device;

import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.IndexTable;
import dev.culvert.wg.transport.Keypair;
import org.jspecify.annotations.Nullable;

/**
 * A peer's sessions: <i>current</i> sends and receives; <i>previous</i> receives what was still on
 * its way; <i>next</i>, made as responder, receives, and becomes current with the first packet
 * under it, which proves that the initiator has the keys (whitepaper §6.3). A keypair that falls
 * out is taken from the index table and retired, which zeroes its keys.
 */
final class Keypairs {
    private final Peer peer;
    private final IndexTable table;
    private @Nullable Keypair previous;
    private @Nullable Keypair next;

    Keypairs(Peer peer, IndexTable table) {
        this.peer = peer;
        this.table = table;
    }

    /** Takes in the session of a completed handshake and makes it reachable by its index. */
    void add(Keypair keypair) {
        if (keypair.initiator()) {
            addAsInitiator(keypair);
        } else {
            retire(next);
            next = keypair;
            // The peer has no use for it any more: it has just asked for a new one.
            retire(previous);
            previous = null;
        }
        table.publish(keypair);
    }

    /**
     * An unconfirmed next may belong to a peer that has begun a handshake at the same time and now
     * sends under it: it stays, as previous.
     */
    private void addAsInitiator(Keypair keypair) {
        Keypair unconfirmed = next;
        Keypair replaced = peer.current();
        retire(previous);
        if (unconfirmed != null) {
            previous = unconfirmed;
            next = null;
            peer.setCurrent(keypair);
            retire(replaced);
        } else {
            previous = replaced;
            peer.setCurrent(keypair);
        }
    }

    /**
     * Makes a confirmed next the current keypair.
     *
     * @return whether there was one
     */
    boolean promoteConfirmed() {
        Keypair confirmed = next;
        if (confirmed == null || !confirmed.isConfirmed()) {
            return false;
        }
        next = null;
        retire(previous);
        previous = peer.current();
        peer.setCurrent(confirmed);
        return true;
    }

    /** Ends sending under all of them. */
    void stopSending() {
        Keypair current = peer.current();
        if (current != null) {
            current.stopSending();
        }
        if (next != null) {
            next.stopSending();
        }
    }

    /** Retires all of them. */
    void clear() {
        Keypair current = peer.current();
        peer.setCurrent(null);
        retire(current);
        retire(previous);
        retire(next);
        previous = null;
        next = null;
    }

    private void retire(@Nullable Keypair keypair) {
        if (keypair != null) {
            table.remove(keypair.localIndex());
            keypair.retire();
        }
    }
}
