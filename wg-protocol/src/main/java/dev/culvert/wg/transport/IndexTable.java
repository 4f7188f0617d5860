package dev.culvert.wg.transport;

import dev.culvert.wg.peer.Peer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Our receiver indices: random 32-bit numbers, each of one handshake in progress or of one keypair.
 * The home thread writes; any thread reads without a lock.
 *
 * <p>Open addressing with linear probing. A removed slot stays behind as a tombstone, so that a
 * concurrent reader's probe does not end early, until the next rebuild into a fresh array.
 */
public final class IndexTable {
    private static final int LEAST_SLOTS = 64;

    /** An index in use. The keypair comes when its handshake completes. */
    private static final class Slot {
        final int index;
        final @Nullable Peer peer;
        volatile @Nullable Keypair keypair;

        Slot(int index, @Nullable Peer peer) {
            this.index = index;
            this.peer = peer;
        }
    }

    /** Any index compares unequal to a tombstone's, as its peer is null. */
    private static final Slot TOMBSTONE = new Slot(0, null);

    private volatile AtomicReferenceArray<@Nullable Slot> slots =
            new AtomicReferenceArray<>(LEAST_SLOTS);

    /** Slots that are not empty, tombstones included. */
    private int filled;

    private int live;

    /** No index in use. */
    public IndexTable() {}

    /** The keypair of an index; null when there is none (yet). Any thread. */
    public @Nullable Keypair lookup(int receiverIndex) {
        Slot slot = find(slots, receiverIndex);
        return slot == null ? null : slot.keypair;
    }

    /** The peer that an index was reserved for, or null. Home thread. */
    public @Nullable Peer peer(int receiverIndex) {
        Slot slot = find(slots, receiverIndex);
        return slot == null ? null : slot.peer;
    }

    /** Reserves a random index that is not in use. Home thread. */
    public int reserve(Peer peer, RandomGenerator random) {
        int index = random.nextInt();
        while (find(slots, index) != null) {
            index = random.nextInt();
        }
        makeRoom();
        insert(slots, new Slot(index, peer));
        filled++;
        live++;
        return index;
    }

    /** Makes the keypair reachable under its reserved local index. Home thread. */
    public void publish(Keypair keypair) {
        Slot slot = find(slots, keypair.localIndex());
        if (slot == null) {
            throw new IllegalStateException("the index was not reserved");
        }
        slot.keypair = keypair;
    }

    /** Frees an index; an unknown one is ignored. Home thread. */
    public void remove(int index) {
        AtomicReferenceArray<@Nullable Slot> table = slots;
        int mask = table.length() - 1;
        for (int i = index & mask; ; i = (i + 1) & mask) {
            Slot slot = table.getPlain(i);
            if (slot == null) {
                return;
            }
            if (slot.peer != null && slot.index == index) {
                table.setRelease(i, TOMBSTONE);
                live--;
                return;
            }
        }
    }

    /** Indices in use. Home thread. */
    public int size() {
        return live;
    }

    /** Slots of the present array, for tests of its bound. */
    int capacity() {
        return slots.length();
    }

    private static @Nullable Slot find(AtomicReferenceArray<@Nullable Slot> table, int index) {
        int mask = table.length() - 1;
        for (int i = index & mask; ; i = (i + 1) & mask) {
            Slot slot = table.getAcquire(i);
            if (slot == null || (slot.index == index && slot.peer != null)) {
                return slot;
            }
        }
    }

    /** Keeps a quarter of the slots empty, so that probes end. */
    private void makeRoom() {
        int capacity = slots.length();
        if (filled + 1 <= capacity / 4 * 3) {
            return;
        }
        int wanted = LEAST_SLOTS;
        while (live + 1 > wanted / 2) {
            wanted *= 2;
        }
        AtomicReferenceArray<@Nullable Slot> old = slots;
        AtomicReferenceArray<@Nullable Slot> fresh = new AtomicReferenceArray<>(wanted);
        for (int i = 0; i < capacity; i++) {
            Slot slot = old.getPlain(i);
            if (slot != null && slot.peer != null) {
                insert(fresh, slot);
            }
        }
        filled = live;
        slots = fresh;
    }

    private static void insert(AtomicReferenceArray<@Nullable Slot> table, Slot slot) {
        int mask = table.length() - 1;
        int i = slot.index & mask;
        while (table.getPlain(i) != null) {
            i = (i + 1) & mask;
        }
        table.setRelease(i, slot);
    }
}
