package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.TunDevice;
import dev.culvert.tun.gso.GsoRejection;
import dev.culvert.tun.gso.GsoSplitter;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.packet.NetworkOrder;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Carries packets from one TUN to another, as a tunnel does but for the crypto: super-packets are
 * split, copied packet by packet, and coalesced on the other side. One direction, one thread.
 */
final class TunCable implements AutoCloseable {
    private static final int READ_BYTES = 65_536 + VirtioNetHeader.BYTES;
    private static final int READS_PER_BATCH = 8;
    private static final int SLOT_BYTES = 1536;
    private static final int STEP_MS = 50;

    private final TunDevice from;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment read = arena.allocate(READ_BYTES + GsoSplitter.MAX_PADDING_BYTES);
    private final MemorySegment received =
            arena.allocate((long) GroCoalescer.MAX_PACKETS * SLOT_BYTES, 8);
    private final MemorySegment poll = arena.allocate(PollFd.SIZE_BYTES, 8);
    private final GsoSplitter splitter = new GsoSplitter();
    private final Thread thread;
    private int slots;
    private volatile boolean stopping;

    final GroCoalescer coalescer;
    final AtomicLong readsOfSuperPackets = new AtomicLong();
    final AtomicLong readsOfUdpSuperPackets = new AtomicLong();
    final AtomicLong packets = new AtomicLong();
    final AtomicLongArray rejected = new AtomicLongArray(GsoRejection.values().length + 1);

    /** Every how many packets a bit of the payload flips; 0: never. */
    volatile int corruptEvery;

    TunCable(TunDevice from, TunDevice to, boolean gro) {
        this.from = from;
        coalescer =
                new GroCoalescer(
                        (iovecs, count) -> Libc.writev(to.fd(), iovecs, 0, count),
                        to.vnetHeader(),
                        gro && to.tcpSegmentation(),
                        gro && to.udpSegmentation());
        thread = Thread.ofPlatform().name("cable-" + from.name()).daemon().start(this::carry);
    }

    private void carry() {
        while (!stopping) {
            PollFd.set(poll, 0, 0, from.fd(), PollFd.POLLIN);
            if (Libc.poll(poll, 0, 1, STEP_MS) > 0) {
                for (int i = 0; i < READS_PER_BATCH && readOne(); i++) {
                    // until there is none left
                }
                coalescer.flush();
                slots = 0;
            }
        }
    }

    private boolean readOne() {
        int header = from.vnetHeader() ? 0 : VirtioNetHeader.BYTES;
        VirtioNetHeader.clear(read, 0);
        int bytes = Libc.read(from.fd(), read, header, READ_BYTES - header);
        if (bytes < 0) {
            if (bytes != -Errno.EAGAIN && bytes != -Errno.EIO) {
                throw new IllegalStateException(Errno.text(bytes));
            }
            return false;
        }
        int count = splitter.begin(read, 0, header + bytes);
        if (count < 0) {
            rejected.incrementAndGet(-count);
            return true;
        }
        int type = VirtioNetHeader.gsoType(read, 0);
        if (type != VirtioNetHeader.GSO_NONE) {
            readsOfSuperPackets.incrementAndGet();
        }
        if (type == VirtioNetHeader.GSO_UDP_L4) {
            readsOfUdpSuperPackets.incrementAndGet();
        }
        while (splitter.next()) {
            receive(splitter.packetOffset(), splitter.packetLength());
        }
        return true;
    }

    private void receive(long offset, int length) {
        if (slots == GroCoalescer.MAX_PACKETS) {
            coalescer.flush();
            slots = 0;
        }
        long slot = (long) slots++ * SLOT_BYTES;
        MemorySegment.copy(read, offset, received, slot, length);
        long number = packets.incrementAndGet();
        int every = corruptEvery;
        if (every > 0 && length > 1000 && number % every == 0) {
            long at = slot + length - 100;
            NetworkOrder.put8(received, at, NetworkOrder.get8(received, at) ^ 0x40);
        }
        coalescer.add(received, slot, length);
    }

    /** Exactly so many: the last one is counted a moment after its receiver has it. */
    void awaitSuperPackets(long expected) {
        NetworkNamespace.await(
                Duration.ofSeconds(5),
                () -> coalescer.superPacketsWritten() >= expected,
                () -> coalescer.superPacketsWritten() + " of " + expected + " super-packets");
        assertEquals(expected, coalescer.superPacketsWritten());
    }

    long rejections() {
        long sum = 0;
        for (int i = 0; i < rejected.length(); i++) {
            sum += rejected.get(i);
        }
        return sum;
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
        arena.close();
    }
}
