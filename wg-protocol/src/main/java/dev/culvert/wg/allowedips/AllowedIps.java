package dev.culvert.wg.allowedips;

import dev.culvert.wg.peer.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of all peers' allowed IPs. Lookups are for any thread; changes, and {@link #prefixes},
 * for the home thread.
 */
public final class AllowedIps {
    private final Trie ipv4 = new Trie(true);
    private final Trie ipv6 = new Trie(false);
    private final Map<Peer, PrefixList> owned = new HashMap<>();

    /** Makes an empty table. */
    public AllowedIps() {}

    /**
     * The peer that owns an IPv4 address.
     *
     * @param address first byte most significant
     */
    public @Nullable Peer lookup4(int address) {
        return ipv4.lookup((long) address << Integer.SIZE, 0);
    }

    /**
     * The peer that owns an IPv6 address.
     *
     * @param hi first 8 bytes, first byte most significant
     * @param lo last 8 bytes
     */
    public @Nullable Peer lookup6(long hi, long lo) {
        return ipv6.lookup(hi, lo);
    }

    /** Gives a prefix to a peer, taking it from its owner. */
    public void insert(Prefix prefix, Peer peer) {
        Trie trie = trie(prefix);
        Node node = trie.find(prefix.hi(), prefix.lo(), prefix.length());
        Peer owner = node == null ? null : node.peer();
        if (owner == peer) {
            return;
        }
        if (node != null && owner != null) {
            unlist(owner, node);
        }
        Node inserted = trie.insert(prefix.hi(), prefix.lo(), prefix.length(), peer);
        owned.computeIfAbsent(peer, _ -> new PrefixList()).add(inserted);
    }

    /** Takes a prefix from a peer; nothing happens unless the peer owns it. */
    public void remove(Prefix prefix, Peer peer) {
        Trie trie = trie(prefix);
        Node node = trie.find(prefix.hi(), prefix.lo(), prefix.length());
        if (node != null && node.peer() == peer) {
            unlist(peer, node);
            trie.remove(node);
        }
    }

    /** Takes all prefixes from a peer. */
    public void removeByPeer(Peer peer) {
        PrefixList list = owned.remove(peer);
        if (list != null) {
            list.forEach(node -> (node.ipv4 ? ipv4 : ipv6).remove(node));
        }
    }

    /** A peer's prefixes, in the order in which they were given to it. */
    public List<Prefix> prefixes(Peer peer) {
        List<Prefix> prefixes = new ArrayList<>();
        PrefixList list = owned.get(peer);
        if (list != null) {
            list.forEach(
                    node -> prefixes.add(new Prefix(node.ipv4, node.hi, node.lo, node.length)));
        }
        return prefixes;
    }

    /**
     * To be called after a series of changes: makes lookups among many prefixes faster until the
     * next change. It takes some milliseconds for 100,000 prefixes.
     */
    public void index() {
        ipv4.index();
        ipv6.index();
    }

    private void unlist(Peer owner, Node node) {
        PrefixList list = owned.get(owner);
        if (list != null) {
            list.remove(node);
            if (list.isEmpty()) {
                owned.remove(owner);
            }
        }
    }

    boolean isEmpty() {
        return ipv4.isEmpty() && ipv6.isEmpty();
    }

    private Trie trie(Prefix prefix) {
        return prefix.ipv4() ? ipv4 : ipv6;
    }
}
