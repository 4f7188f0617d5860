package dev.culvert.datapath.udp;

import java.lang.foreign.MemorySegment;

/**
 * Where a receive left what came with the bytes: the source address (a sockaddr_in or sockaddr_in6)
 * and the control messages. A flyweight over the engine's memory, filled in again for each receive;
 * not thread-safe.
 */
public final class ReceivedMessage {
    /** Room for a source address: sizeof(struct sockaddr_in6), rounded up to 8. */
    public static final int NAME_CAPACITY_BYTES = 32;

    /** Room for UDP_GRO, PKTINFO and TOS/TCLASS control messages together. */
    public static final int CONTROL_CAPACITY_BYTES = 128;

    private MemorySegment name = MemorySegment.NULL;
    private long nameOffset;
    private int nameLength;
    private MemorySegment control = MemorySegment.NULL;
    private long controlOffset;
    private int controlLength;
    private boolean truncated;

    /** Points nowhere until {@link #wrap}. */
    public ReceivedMessage() {}

    /**
     * Points this at one receive.
     *
     * @param name memory with the source sockaddr
     * @param nameLength its msg_namelen as the kernel set it
     * @param control memory with the control messages (struct cmsghdr ...)
     * @param controlLength its msg_controllen as the kernel set it
     * @param truncated MSG_TRUNC was set: the datagram was longer than the buffer
     */
    public void wrap(
            MemorySegment name,
            long nameOffset,
            int nameLength,
            MemorySegment control,
            long controlOffset,
            int controlLength,
            boolean truncated) {
        this.name = name;
        this.nameOffset = nameOffset;
        this.nameLength = nameLength;
        this.control = control;
        this.controlOffset = controlOffset;
        this.controlLength = controlLength;
        this.truncated = truncated;
    }

    public MemorySegment name() {
        return name;
    }

    public long nameOffset() {
        return nameOffset;
    }

    public int nameLength() {
        return nameLength;
    }

    public MemorySegment control() {
        return control;
    }

    public long controlOffset() {
        return controlOffset;
    }

    public int controlLength() {
        return controlLength;
    }

    public boolean truncated() {
        return truncated;
    }
}
