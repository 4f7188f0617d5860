package dev.culvert.wg.device;

import dev.culvert.wg.peer.Peer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All peers of a device, in the order in which they were added. */
final class Peers {
    /** The map key: a public key's value, not its array. */
    @SuppressWarnings("ArrayRecordComponent") // With equality by content.
    record Key(byte[] bytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private final Map<Key, DevicePeer> byKey = new LinkedHashMap<>();
    private final Map<Peer, DevicePeer> byPeer = new HashMap<>();

    @Nullable DevicePeer get(byte[] publicKey) {
        return byKey.get(new Key(publicKey));
    }

    /** The home thread's side of a peer; null when it was removed. */
    @Nullable DevicePeer get(Peer peer) {
        return byPeer.get(peer);
    }

    void add(DevicePeer added) {
        byKey.put(new Key(added.peer.publicKey()), added);
        byPeer.put(added.peer, added);
    }

    void remove(DevicePeer removed) {
        byKey.remove(new Key(removed.peer.publicKey()));
        byPeer.remove(removed.peer);
    }

    Collection<DevicePeer> all() {
        return byKey.values();
    }

    int size() {
        return byKey.size();
    }
}
