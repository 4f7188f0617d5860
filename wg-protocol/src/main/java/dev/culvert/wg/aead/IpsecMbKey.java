package dev.culvert.wg.aead;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A key that jobs refer to. */
final class IpsecMbKey extends NativeKey {
    private static final int TAG_OFFSET = KEY_BYTES;

    /** All memory: what {@link NativeKey} hands on are addresses that it has checked. */
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final ThreadLocal<IpsecMbManager> managers;

    /** The key, and behind it the tag that an opened packet should have. */
    private final MemorySegment memory = Arena.ofAuto().allocate(KEY_BYTES + TAG_BYTES, 64);

    private boolean closed;

    /**
     * @param managers one for each thread
     */
    IpsecMbKey(ThreadLocal<IpsecMbManager> managers, byte[] key32) {
        this.managers = managers;
        MemorySegment.copy(key32, 0, memory, JAVA_BYTE, 0, KEY_BYTES);
    }

    @Override
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the key is closed");
        }
    }

    @Override
    void seal(long aad, int aadLength, long in, int length, long out) {
        run(IpsecMbManager.ENCRYPT, aad, aadLength, in, length, out, out + length);
    }

    @Override
    boolean open(long aad, int aadLength, long in, int plainLength, long out) {
        long expected = memory.address() + TAG_OFFSET;
        run(IpsecMbManager.DECRYPT, aad, aadLength, in, plainLength, out, expected);
        // Takes the same time wherever they differ.
        long difference =
                (word(expected) ^ word(in + plainLength))
                        | (word(expected + 8) ^ word(in + plainLength + 8));
        return difference == 0;
    }

    private void run(
            int direction, long aad, int aadLength, long in, int length, long out, long tag) {
        managers.get()
                .run(direction, memory.address(), nonce, aad, aadLength, in, length, out, tag);
    }

    private static long word(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    @Override
    public void close() {
        closed = true;
        memory.fill((byte) 0);
    }
}
