package dev.culvert.datapath.icmp;

import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.virtio.VirtioNetHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/** Writes unreachable errors back to the TUN, at a bounded rate. */
public final class UnreachableWriter {
    private static final long TOKEN_NS = 10_000_000;
    private static final int BURST = 50;

    private final int tunFd;
    private final boolean vnetHeader;
    private final MemorySegment out;
    private final AtomicLong answers = new AtomicLong();
    private final TokenBucket bucket = new TokenBucket(TOKEN_NS, BURST);

    /**
     * @param arena lives as long as this
     * @param tunFd to write to
     * @param vnetHeader whether the TUN takes a virtio header before each packet
     */
    public UnreachableWriter(Arena arena, int tunFd, boolean vnetHeader) {
        this.tunFd = tunFd;
        this.vnetHeader = vnetHeader;
        out = arena.allocate(VirtioNetHeader.BYTES + Unreachable.MAX_V6_BYTES, 8);
    }

    /**
     * Answers a packet that cannot be delivered, unless there have been too many or it is one that
     * must not be answered (an error itself, a later fragment, multicast).
     *
     * @return whether an answer was written
     */
    public boolean answer(MemorySegment buf, long offset, int length, long nowNs) {
        return answer(Unreachable.Code.UNREACHABLE, buf, offset, length, nowNs);
    }

    /** As {@link #answer}, but it is policy that stands in the way. */
    public boolean prohibit(MemorySegment buf, long offset, int length, long nowNs) {
        return answer(Unreachable.Code.PROHIBITED, buf, offset, length, nowNs);
    }

    private boolean answer(
            Unreachable.Code code, MemorySegment buf, long offset, int length, long nowNs) {
        int built = Unreachable.build(code, buf, offset, length, out, VirtioNetHeader.BYTES);
        if (built == 0 || !bucket.take(nowNs)) {
            return false;
        }
        int start = vnetHeader ? 0 : VirtioNetHeader.BYTES;
        // Before it is written: whoever has the answer finds it counted.
        answers.setOpaque(answers.getPlain() + 1);
        if (Libc.write(tunFd, out, start, VirtioNetHeader.BYTES - start + built) < 0) {
            answers.setOpaque(answers.getPlain() - 1);
            return false;
        }
        return true;
    }

    /**
     * Writes a packet back as it was read.
     *
     * @param offset of its virtio header
     * @param length virtio header and packet
     * @return whether the TUN took it
     */
    public boolean giveBack(MemorySegment buf, long offset, int length) {
        int skipped = vnetHeader ? 0 : VirtioNetHeader.BYTES;
        return Libc.write(tunFd, buf, offset + skipped, length - skipped) >= 0;
    }

    /** Answers written so far. Any thread. */
    public long answers() {
        return answers.getOpaque();
    }
}
