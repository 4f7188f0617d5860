package dev.culvert.datapath.inbound;

import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.wg.packet.MessageInitiation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Handshake messages on their way from one inbound thread to the home thread. Bounded: who floods
 * us fills it, and its filling level is what tells that we are under load.
 */
public final class HandshakeRing {
    public static final int CAPACITY = 1024;

    private static final int MASK = CAPACITY - 1;
    private static final int UNDER_LOAD = CAPACITY / 8;

    private static final class Slot {
        final byte[] message = new byte[MessageInitiation.LENGTH];
        int length;
        @Nullable UdpEndpoint from;
    }

    private final Slot[] slots = new Slot[CAPACITY];
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    /** An empty ring with all its memory. */
    public HandshakeRing() {
        for (int i = 0; i < CAPACITY; i++) {
            slots[i] = new Slot();
        }
    }

    /** Whether the next {@link #put} would find no room. Inbound thread. */
    boolean isFull() {
        return written.getPlain() - read.getAcquire() == CAPACITY;
    }

    /**
     * Copies a message. Inbound thread, only when the ring is not full.
     *
     * @param length of a handshake message
     */
    void put(MemorySegment buf, long offset, int length, UdpEndpoint from) {
        long at = written.getPlain();
        Slot slot = slots[(int) at & MASK];
        MemorySegment.copy(buf, ValueLayout.JAVA_BYTE, offset, slot.message, 0, length);
        slot.length = length;
        slot.from = from;
        written.setRelease(at + 1);
    }

    /** Messages that wait. Exact for the home thread, of a moment ago for any other. */
    public int size() {
        return (int) (written.getAcquire() - read.getPlain());
    }

    /** Whether so many messages wait that answers demand a cookie: an eighth of the ring. */
    public boolean isUnderLoad() {
        return size() >= UNDER_LOAD;
    }

    /** Takes what {@link #poll} hands out. */
    @FunctionalInterface
    public interface Consumer {
        /**
         * One message; {@code message} is used again afterwards.
         *
         * @param length of the message in {@code message}
         */
        void accept(byte[] message, int length, UdpEndpoint from);
    }

    /** Hands out the oldest message. Home thread. Returns false: there is none. */
    public boolean poll(Consumer consumer) {
        long at = read.getPlain();
        if (written.getAcquire() == at) {
            return false;
        }
        Slot slot = slots[(int) at & MASK];
        UdpEndpoint from = slot.from;
        if (from != null) {
            consumer.accept(slot.message, slot.length, from);
            slot.from = null;
        }
        read.setRelease(at + 1);
        return true;
    }
}
