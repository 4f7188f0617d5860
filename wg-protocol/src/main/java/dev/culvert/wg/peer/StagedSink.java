package dev.culvert.wg.peer;

import java.lang.foreign.MemorySegment;

/** Takes staged packets as they were read from the TUN. */
@FunctionalInterface
public interface StagedSink {
    /**
     * One TUN read, virtio header included. The bytes may be changed; the next packet overwrites
     * them.
     */
    void accept(MemorySegment buf, long offset, int length);
}
