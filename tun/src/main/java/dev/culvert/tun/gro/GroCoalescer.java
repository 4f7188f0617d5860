package dev.culvert.tun.gro;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Iovec;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects the packets of a batch and writes them to the TUN, runs of TCP or UDP packets of one
 * flow as one super-packet, by the rules of the kernel's own GRO.
 *
 * <pre>
 *  in the receive buffers:  [headers][payload 0] ... [headers][payload 1] ... [headers][payload 2]
 *  one writev:              [virtio][headers] [payload 0] [payload 1] [payload 2]
 * </pre>
 *
 * <p>Packets merge when they follow each other in their flow, all but the last have payloads of
 * equal size, and their headers agree but for lengths, checksums, IPv4 id, sequence number, and a
 * PSH on the last. Checksums are verified before: a packet with a wrong one is written as it came,
 * for the receiver to judge. The packets of a flow leave in the order in which they came; flows
 * among each other need not.
 *
 * <p>When the kernel refuses a super-packet, its packets are written one by one and that kind (TCP
 * or UDP) is coalesced no more.
 *
 * <p>One thread at a time, but for counters and switches, which any thread may read; allocates
 * nothing after construction.
 */
public final class GroCoalescer {
    /** A batch that grows beyond this is written early. */
    public static final int MAX_PACKETS = 512;

    private static final int NO_PACKET = -1;

    private final TunWriter writer;
    private final boolean vnetHeader;
    private volatile boolean tcp;
    private volatile boolean udp;

    private final MemorySegment plainHeader = Arena.ofAuto().allocate(VirtioNetHeader.BYTES, 8);
    private final SuperPacketHeader superHeader = new SuperPacketHeader();
    private final MemorySegment iovecs =
            Arena.ofAuto().allocate((MAX_PACKETS + 1) * Iovec.SIZE_BYTES, 8);

    private final PacketHeaders current = new PacketHeaders();
    private final long[] addresses = new long[MAX_PACKETS];
    private final int[] lengths = new int[MAX_PACKETS];
    private final int[] nextInRun = new int[MAX_PACKETS];
    private final Run[] runs = new Run[MAX_PACKETS];
    private final OpenRuns openRuns = new OpenRuns();
    private int packetCount;
    private int runCount;

    /** Runs of the batches before this one. */
    private long runsBefore;

    private final AtomicLong packetsWritten = new AtomicLong();
    private final AtomicLong superPacketsWritten = new AtomicLong();
    private final AtomicLong packetsLost = new AtomicLong();
    private final AtomicLong superPacketsRefused = new AtomicLong();
    private volatile int lastErrno;

    /**
     * A coalescer in front of {@code writer}.
     *
     * @param vnetHeader whether the TUN takes a virtio header before each packet; without it
     *     nothing is coalesced
     * @param tcp whether to coalesce TCP: the GRO off-switch
     * @param udp whether to coalesce UDP: only where the kernel has USO
     */
    public GroCoalescer(TunWriter writer, boolean vnetHeader, boolean tcp, boolean udp) {
        this.writer = writer;
        this.vnetHeader = vnetHeader;
        this.tcp = vnetHeader && tcp;
        this.udp = vnetHeader && udp;
        for (int i = 0; i < MAX_PACKETS; i++) {
            runs[i] = new Run();
        }
    }

    /**
     * Adds an authenticated inner packet, trimmed to its IP length, in native memory. The bytes
     * stay as they are until {@link #flush} has returned.
     */
    public void add(MemorySegment buf, long offset, int length) {
        if (packetCount == MAX_PACKETS) {
            flush();
        }
        int packet = packetCount++;
        addresses[packet] = buf.address() + offset;
        lengths[packet] = length;
        nextInRun[packet] = NO_PACKET;
        if (!tcp && !udp) {
            startRun(buf, offset, length, packet);
            return;
        }
        current.moveTo(buf, offset, length);
        if (!current.hasFlow()) {
            long number = startRun(buf, offset, length, packet);
            if (current.hasAddresses()) {
                openRuns.barrier(current, number);
            }
        } else if (!joined(packet)) {
            openRuns.put(current, startRun(buf, offset, length, packet));
        }
    }

    /** Whether the current packet became part of its flow's latest run. */
    private boolean joined(int packet) {
        if (!(current.tcp ? tcp : udp)) {
            return false;
        }
        long number = openRuns.find(current, runsBefore);
        if (number < 0) {
            return false;
        }
        Run run = runs[(int) (number - runsBefore)];
        if (!current.sameFlow(run.first)) {
            return false;
        }
        int before = run.lastPacket;
        if (!run.append(current, packet)) {
            return false;
        }
        nextInRun[before] = packet;
        return true;
    }

    /** The number of the new run, over all batches. */
    private long startRun(MemorySegment buf, long offset, int length, int packet) {
        runs[runCount].start(buf, offset, length, packet);
        return runsBefore + runCount++;
    }

    /** Writes all that was added: the packets of each flow in the order in which they came. */
    public void flush() {
        for (int i = 0; i < runCount; i++) {
            Run run = runs[i];
            if (run.packets == 1) {
                writePlain(run.firstPacket);
            } else {
                writeSuperPacket(run);
            }
            run.first.buffer = MemorySegment.NULL;
        }
        current.buffer = MemorySegment.NULL;
        runsBefore += runCount;
        runCount = 0;
        packetCount = 0;
    }

    private void writeSuperPacket(Run run) {
        if (!(run.first.tcp ? tcp : udp)) {
            writeOneByOne(run);
            return;
        }
        superHeader.make(run);
        int count = 0;
        Iovec.set(iovecs, 0, count++, superHeader.address(), SuperPacketHeader.bytes(run));
        int headerBytes = run.first.headerBytes;
        for (int p = run.firstPacket; p != NO_PACKET; p = nextInRun[p]) {
            Iovec.set(iovecs, 0, count++, addresses[p] + headerBytes, lengths[p] - headerBytes);
        }
        int result = writer.writev(iovecs, count);
        if (result >= 0) {
            count(packetsWritten, run.packets);
            count(superPacketsWritten, 1);
            return;
        }
        lastErrno = -result;
        if (isDown(result)) {
            count(packetsLost, run.packets);
            return;
        }
        count(superPacketsRefused, 1);
        boolean packetsGood = writeOneByOne(run);
        if (packetsGood && isRefusal(result)) {
            switchOff(run.first.tcp);
        }
    }

    private void switchOff(boolean ofTcp) {
        if (ofTcp) {
            tcp = false;
        } else {
            udp = false;
        }
    }

    private static boolean isDown(int result) {
        return result == -Errno.EIO || result == -Errno.EBADF || result == -Errno.EBADFD;
    }

    /** A verdict on the super-packet, not on the moment (such as no memory). */
    private static boolean isRefusal(int result) {
        return result == -Errno.EINVAL || result == -Errno.EMSGSIZE || result == -Errno.EOPNOTSUPP;
    }

    /** Whether the TUN took the first packet. */
    private boolean writeOneByOne(Run run) {
        boolean first = writePlain(run.firstPacket);
        for (int p = nextInRun[run.firstPacket]; p != NO_PACKET; p = nextInRun[p]) {
            writePlain(p);
        }
        return first;
    }

    private boolean writePlain(int packet) {
        int count = 0;
        if (vnetHeader) {
            Iovec.set(iovecs, 0, count++, plainHeader.address(), VirtioNetHeader.BYTES);
        }
        Iovec.set(iovecs, 0, count++, addresses[packet], lengths[packet]);
        int result = writer.writev(iovecs, count);
        if (result < 0) {
            lastErrno = -result;
            count(packetsLost, 1);
            return false;
        }
        count(packetsWritten, 1);
        return true;
    }

    /** One thread counts, any thread reads. */
    private static void count(AtomicLong counter, int more) {
        counter.setOpaque(counter.getPlain() + more);
    }

    /** Whether TCP is coalesced: as asked for, until the kernel refuses. */
    public boolean coalescesTcp() {
        return tcp;
    }

    /** Whether UDP is coalesced: as asked for, until the kernel refuses. */
    public boolean coalescesUdp() {
        return udp;
    }

    /** Packets that the TUN took; a super-packet counts as what is in it. */
    public long packetsWritten() {
        return packetsWritten.getOpaque();
    }

    /** Super-packets that the TUN took. */
    public long superPacketsWritten() {
        return superPacketsWritten.getOpaque();
    }

    /** Packets that the TUN did not take. */
    public long packetsLost() {
        return packetsLost.getOpaque();
    }

    /** Super-packets that the TUN did not take, and whose packets were written one by one. */
    public long superPacketsRefused() {
        return superPacketsRefused.getOpaque();
    }

    /** The errno of the latest write that failed, 0 when none has. */
    public int lastErrno() {
        return lastErrno;
    }
}
