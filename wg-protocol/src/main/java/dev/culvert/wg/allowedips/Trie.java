package dev.culvert.wg.allowedips;

import dev.culvert.wg.peer.Peer;
import org.jspecify.annotations.Nullable;

/**
 * A path-compressed binary trie. A node without a peer has two children; every change is published
 * with one reference write, so a concurrent reader sees the table before or after it.
 */
final class Trie {
    private final boolean ipv4;

    /** Prefixes from which on an index pays: smaller tries stay in the cache. */
    private static final int INDEX_FROM = 512;

    private volatile @Nullable Node root;
    private volatile @Nullable TrieIndex index;

    /** Home thread: prefixes with a peer. */
    private int size;

    Trie(boolean ipv4) {
        this.ipv4 = ipv4;
    }

    /** The peer of the longest prefix that contains the address. Any thread. */
    @Nullable Peer lookup(long hi, long lo) {
        TrieIndex shortCut = index;
        return shortCut == null ? lookup(root, null, hi, lo) : shortCut.lookup(hi, lo);
    }

    /**
     * The same from a node downwards.
     *
     * @param above what was found on the way to it
     */
    static @Nullable Peer lookup(@Nullable Node from, @Nullable Peer above, long hi, long lo) {
        Peer found = above;
        Node node = from;
        while (node != null && node.contains(hi, lo)) {
            Peer peer = node.peer();
            if (peer != null) {
                found = peer;
            }
            node = node.childTowards(hi, lo);
        }
        return found;
    }

    /** The node of exactly this prefix, or null. */
    @Nullable Node find(long hi, long lo, int length) {
        Node node = root;
        while (node != null && node.length < length && node.contains(hi, lo)) {
            node = node.childTowards(hi, lo);
        }
        return node != null && node.length == length && node.contains(hi, lo) ? node : null;
    }

    /**
     * The node of exactly this prefix, made when there is none. {@code peer} is set before a new
     * node can be seen.
     */
    Node insert(long hi, long lo, int length, Peer peer) {
        index = null;
        Node above = null;
        Node node = root;
        while (node != null && node.length <= length && node.contains(hi, lo)) {
            if (node.length == length) {
                size += node.peer() == null ? 1 : 0;
                node.setPeer(peer);
                return node;
            }
            above = node;
            node = node.childTowards(hi, lo);
        }
        size++;
        Node added = new Node(ipv4, hi, lo, length);
        added.setPeer(peer);
        replace(above, hi, lo, node == null ? added : join(added, node));
        return added;
    }

    /** A subtree of a new prefix and the subtree that stood in its place. */
    private Node join(Node added, Node present) {
        int shared =
                Math.min(
                        Bits.commonPrefix(added.hi, added.lo, present.hi, present.lo),
                        Math.min(added.length, present.length));
        Node top = shared == added.length ? added : new Node(ipv4, added.hi, added.lo, shared);
        top.setChild(Bits.bit(present.hi, present.lo, shared), present);
        if (top != added) {
            top.setChild(Bits.bit(added.hi, added.lo, shared), added);
        }
        return top;
    }

    /** Takes the peer off a node, and the node itself away when it no longer divides anything. */
    void remove(Node node) {
        index = null;
        size--;
        node.setPeer(null);
        Node emptied = prune(node);
        if (emptied != null && emptied.peer() == null) {
            prune(emptied);
        }
    }

    /**
     * @return the node above, when it lost a child
     */
    private @Nullable Node prune(Node node) {
        Node zero = node.child(0);
        Node one = node.child(1);
        if (zero != null && one != null) {
            return null;
        }
        Node left = zero != null ? zero : one;
        replace(node.parent, node.hi, node.lo, left);
        return left == null ? node.parent : null;
    }

    private void replace(@Nullable Node above, long hi, long lo, @Nullable Node by) {
        if (above != null) {
            above.setChild(Bits.bit(hi, lo, above.length), by);
            return;
        }
        if (by != null) {
            by.parent = null;
        }
        root = by;
    }

    /** Makes lookups in a large trie faster until it changes again. */
    void index() {
        Node top = root;
        if (index == null && top != null && size >= INDEX_FROM) {
            index = new TrieIndex(top);
        }
    }

    /** Whether nothing is in it. */
    boolean isEmpty() {
        return root == null;
    }
}
