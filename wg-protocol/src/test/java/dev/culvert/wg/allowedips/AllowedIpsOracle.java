package dev.culvert.wg.allowedips;

import dev.culvert.wg.peer.Peer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list of prefixes: the longest one that contains an address is found by looking at all. */
final class AllowedIpsOracle {
    private final Map<Prefix, Peer> owners = new LinkedHashMap<>();

    void insert(Prefix prefix, Peer peer) {
        if (owners.get(prefix) != peer) {
            owners.remove(prefix);
            owners.put(prefix, peer);
        }
    }

    void remove(Prefix prefix, Peer peer) {
        owners.remove(prefix, peer);
    }

    void removeByPeer(Peer peer) {
        owners.values().removeIf(owner -> owner == peer);
    }

    @Nullable Peer lookup(boolean ipv4, long hi, long lo) {
        Peer found = null;
        int longest = -1;
        for (Map.Entry<Prefix, Peer> entry : owners.entrySet()) {
            Prefix prefix = entry.getKey();
            Prefix cut = new Prefix(ipv4, hi, lo, Math.min(prefix.length(), ipv4 ? 32 : 128));
            if (prefix.equals(cut) && prefix.length() > longest) {
                longest = prefix.length();
                found = entry.getValue();
            }
        }
        return found;
    }

    List<Prefix> prefixes(Peer peer) {
        return owners.entrySet().stream()
                .filter(entry -> entry.getValue() == peer)
                .map(Map.Entry::getKey)
                .toList();
    }
}
