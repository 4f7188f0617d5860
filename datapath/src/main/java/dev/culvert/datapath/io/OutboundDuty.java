package dev.culvert.datapath.io;

import java.lang.foreign.MemorySegment;

/**
 * What a shard does with packets read from the TUN. Called by one thread of the shard at a time;
 * which one it is may change between two batches.
 */
public interface OutboundDuty {
    /**
     * Bytes that must be free behind {@code offset + length} in the buffer handed to {@link
     * #onTunRead}: the splitter zeroes a segment's padding in place.
     */
    int TAIL_ROOM_BYTES = 64;

    /**
     * One read of the TUN: a virtio_net_hdr (10 bytes) and an IP packet or super-packet behind it.
     * Without IFF_VNET_HDR the engine puts a zeroed header in front of what it read, so that the
     * shape is always the same. The buffer is the duty's to scribble on until this returns, and the
     * engine's afterwards.
     *
     * @param buf native memory
     * @param offset of the virtio_net_hdr
     * @param length header and packet together
     */
    void onTunRead(MemorySegment buf, long offset, int length);

    /**
     * The TUN has nothing more for now, or the batch has reached its bound: whatever was held back
     * to be sent together is sent.
     */
    void onBatchEnd();
}
