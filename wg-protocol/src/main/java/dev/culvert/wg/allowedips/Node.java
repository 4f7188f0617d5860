package dev.culvert.wg.allowedips;

import dev.culvert.wg.peer.Peer;
import org.jspecify.annotations.Nullable;

/**
 * A node of the trie: a prefix, perhaps with its peer, and the longer prefixes below it. Readers
 * follow {@code zero}, {@code one} and {@code peer}; everything else belongs to the home thread.
 */
final class Node {
    final boolean ipv4;
    final long hi;
    final long lo;
    final int length;

    private volatile @Nullable Peer peer;
    private volatile @Nullable Node zero;
    private volatile @Nullable Node one;

    /** Home thread: the node above, null for the topmost. */
    @Nullable Node parent;

    /** Home thread: neighbours in the list of the peer's prefixes. */
    @Nullable Node before;

    @Nullable Node after;

    Node(boolean ipv4, long hi, long lo, int length) {
        this.ipv4 = ipv4;
        this.hi = hi & Bits.maskHi(length);
        this.lo = lo & Bits.maskLo(length);
        this.length = length;
    }

    boolean contains(long addressHi, long addressLo) {
        return Bits.commonPrefix(hi, lo, addressHi, addressLo) >= length;
    }

    @Nullable Peer peer() {
        return peer;
    }

    void setPeer(@Nullable Peer to) {
        peer = to;
    }

    /** The child on the side of an address that this prefix contains; null below a full one. */
    @Nullable Node childTowards(long addressHi, long addressLo) {
        return length == 2 * Long.SIZE ? null : child(Bits.bit(addressHi, addressLo, length));
    }

    @Nullable Node child(int bit) {
        return bit == 0 ? zero : one;
    }

    /** Publishes a child, whose own fields are written before. */
    void setChild(int bit, @Nullable Node child) {
        if (child != null) {
            child.parent = this;
        }
        if (bit == 0) {
            zero = child;
        } else {
            one = child;
        }
    }
}
