package dev.culvert.killswitch.leaktest;

import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A packet socket with a filter that only marked packets pass: so a process with CAP_NET_RAW could
 * find out, bit by bit, how packets are marked when they leave.
 */
final class MarkSniffer implements AutoCloseable {
    private static final int SO_ATTACH_FILTER = 26;
    private static final int LOAD_WORD_ABSOLUTE = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int SKF_AD_MARK = -0x1000 + 20;

    private final int fd;

    private MarkSniffer(int fd) {
        this.fd = fd;
    }

    static MarkSniffer open(int ifindex) throws ErrnoException {
        int fd = Capture.socket();
        int[][] program = {
            {LOAD_WORD_ABSOLUTE, 0, 0, SKF_AD_MARK},
            {JUMP_IF_EQUAL, 1, 0, 0},
            {RETURN, 0, 0, 0xffff},
            {RETURN, 0, 0, 0},
        };
        try (Arena arena = Arena.ofConfined()) {
            ClassicBpf filter = ClassicBpf.assemble(arena, program);
            ErrnoException.check(
                    "SO_ATTACH_FILTER",
                    Libc.setsockopt(
                            fd,
                            SocketConstants.SOL_SOCKET,
                            SO_ATTACH_FILTER,
                            filter.sockFprog(),
                            0,
                            ClassicBpf.SOCK_FPROG_BYTES));
        }
        Capture.bind(fd, ifindex);
        return new MarkSniffer(fd);
    }

    boolean hasSeenAMark() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(65_536);
            return Libc.recv(fd, buffer, 0, buffer.byteSize(), 0) > 0;
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
