package dev.culvert.wg.allowedips;

import dev.culvert.wg.peer.Peer;
import org.jspecify.annotations.Nullable;

/**
 * A short cut into a large trie: the 16 bits behind what all its prefixes share lead to the best
 * peer so far and to where the search goes on. Made of a trie that does not change meanwhile, and
 * dropped before it changes.
 */
final class TrieIndex {
    private static final int STRIDE_BITS = 16;

    private final Node root;
    private final int startBit;
    private final @Nullable Peer[] peers = new Peer[1 << STRIDE_BITS];
    private final @Nullable Node[] nodes = new Node[1 << STRIDE_BITS];

    /** Home thread. */
    TrieIndex(Node root) {
        this.root = root;
        int bits = root.ipv4 ? Integer.SIZE : 2 * Long.SIZE;
        startBit = Math.min(root.length, bits - STRIDE_BITS);
        fill(root, null);
    }

    private void fill(Node node, @Nullable Peer above) {
        Peer peer = node.peer();
        Peer best = peer == null ? above : peer;
        int endBit = startBit + STRIDE_BITS;
        int slot = slot(node.hi, node.lo);
        if (node.length >= endBit) {
            nodes[slot] = node;
            return;
        }
        int slots = 1 << Math.min(endBit - node.length, STRIDE_BITS);
        for (int i = slot; i < slot + slots; i++) {
            peers[i] = best;
        }
        for (int bit = 0; bit <= 1; bit++) {
            Node child = node.child(bit);
            if (child != null) {
                fill(child, best);
            }
        }
    }

    private int slot(long hi, long lo) {
        long bits;
        if (startBit == 0) {
            bits = hi;
        } else if (startBit < Long.SIZE) {
            bits = hi << startBit | lo >>> (Long.SIZE - startBit);
        } else {
            bits = lo << (startBit - Long.SIZE);
        }
        return (int) (bits >>> (Long.SIZE - STRIDE_BITS));
    }

    /** The peer of the longest prefix that contains the address. Any thread. */
    @Nullable Peer lookup(long hi, long lo) {
        if (!root.contains(hi, lo)) {
            return null;
        }
        int slot = slot(hi, lo);
        return Trie.lookup(nodes[slot], peers[slot], hi, lo);
    }
}
