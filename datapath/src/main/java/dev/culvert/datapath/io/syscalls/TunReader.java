package dev.culvert.datapath.io.syscalls;

import dev.culvert.datapath.io.BugLog;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Reads the TUN queue, batch by batch. Called by the thread whose {@link TunTurn} it is. */
final class TunReader implements AutoCloseable {
    /** Reads after which held-back packets are sent even if the TUN has more. */
    private static final int BATCH_READS = 16;

    private static final int PACKET_CAPACITY_BYTES = 65536;

    private final int fd;
    private final OutboundDuty duty;
    private final BugLog bugs = new BugLog();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buf;

    /** 0 with IFF_VNET_HDR; else the room left for the header that stands in for it. */
    private final int missingHeaderBytes;

    TunReader(int fd, boolean vnetHeader, OutboundDuty duty) {
        this.fd = fd;
        this.duty = duty;
        missingHeaderBytes = vnetHeader ? 0 : VirtioNetHeader.BYTES;
        buf =
                arena.allocate(
                        VirtioNetHeader.BYTES
                                + PACKET_CAPACITY_BYTES
                                + OutboundDuty.TAIL_ROOM_BYTES,
                        64);
    }

    int fd() {
        return fd;
    }

    /** Positive: there may be more; else -errno, or 0 for the end of the file. */
    int readBatch() {
        int capacity = (int) buf.byteSize() - OutboundDuty.TAIL_ROOM_BYTES - missingHeaderBytes;
        int result = 1;
        for (int i = 0; i < BATCH_READS; i++) {
            result = Libc.read(fd, buf, missingHeaderBytes, capacity);
            if (result <= 0) {
                break;
            }
            if (missingHeaderBytes != 0) {
                VirtioNetHeader.clear(buf, 0);
            }
            handOn(missingHeaderBytes + result);
        }
        endBatch();
        return result;
    }

    private void handOn(int length) {
        try {
            duty.onTunRead(buf, 0, length);
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    private void endBatch() {
        try {
            duty.onBatchEnd();
        } catch (RuntimeException bug) {
            bugs.note(bug);
        }
    }

    /** Frees the buffer. After both threads have ended. */
    @Override
    public void close() {
        arena.close();
    }
}
