package dev.culvert.wg.transport;

import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.aead.AeadProvider;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/** Wraps a provider, and notices keys that are used after they were closed or never closed. */
final class CheckedAead implements AeadProvider {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger usedAfterClose = new AtomicInteger();
    private final AeadProvider wrapped;

    CheckedAead(AeadProvider wrapped) {
        this.wrapped = wrapped;
    }

    @Override
    public String name() {
        return wrapped.name();
    }

    @Override
    public AeadKey newKey(byte[] key32) {
        open.incrementAndGet();
        return new CheckedKey(wrapped.newKey(key32));
    }

    private final class CheckedKey implements AeadKey {
        private final AeadKey key;
        private volatile boolean closed;

        CheckedKey(AeadKey key) {
            this.key = key;
        }

        @Override
        public void seal(
                long counter,
                MemorySegment src,
                long srcOffset,
                int length,
                MemorySegment dst,
                long dstOffset) {
            check();
            key.seal(counter, src, srcOffset, length, dst, dstOffset);
            check();
        }

        @Override
        public int open(
                long counter,
                MemorySegment src,
                long srcOffset,
                int length,
                MemorySegment dst,
                long dstOffset) {
            check();
            int opened = key.open(counter, src, srcOffset, length, dst, dstOffset);
            check();
            return opened;
        }

        private void check() {
            if (closed) {
                usedAfterClose.incrementAndGet();
            }
        }

        @Override
        public void close() {
            closed = true;
            open.decrementAndGet();
            key.close();
        }
    }
}
