package dev.culvert.datapath.io.uring;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A seccomp filter for the calling thread, as container engines set one for a process. */
final class SeccompFilter {
    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    private static final int SECCOMP_RET_ERRNO = 0x00050000;
    private static final int NR_IO_URING_SETUP = 425;

    private static final int BPF_LOAD_WORD_ABSOLUTE = 0x20;
    private static final int BPF_JUMP_IF_EQUAL = 0x15;
    private static final int BPF_RETURN = 0x06;

    private SeccompFilter() {}

    /** From now on io_uring_setup(2) fails with this errno in this thread. */
    static void refuseIoUringSetup(int errno) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(4 * 8, 8);
            instruction(program, 0, BPF_LOAD_WORD_ABSOLUTE, 0, 0, 0);
            instruction(program, 1, BPF_JUMP_IF_EQUAL, 0, 1, NR_IO_URING_SETUP);
            instruction(program, 2, BPF_RETURN, 0, 0, SECCOMP_RET_ERRNO | errno);
            instruction(program, 3, BPF_RETURN, 0, 0, SECCOMP_RET_ALLOW);
            MemorySegment sockFprog = arena.allocate(16, 8);
            sockFprog.set(ValueLayout.JAVA_SHORT, 0, (short) 4);
            sockFprog.set(ValueLayout.JAVA_LONG, 8, program.address());
            check(Libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
            check(Libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, sockFprog.address(), 0, 0));
        }
    }

    private static void instruction(
            MemorySegment program, int index, int code, int ifTrue, int ifFalse, int operand) {
        long offset = 8L * index;
        program.set(ValueLayout.JAVA_SHORT, offset, (short) code);
        program.set(ValueLayout.JAVA_BYTE, offset + 2, (byte) ifTrue);
        program.set(ValueLayout.JAVA_BYTE, offset + 3, (byte) ifFalse);
        program.set(ValueLayout.JAVA_INT, offset + 4, operand);
    }

    private static void check(int result) {
        if (result < 0) {
            throw new IllegalStateException("prctl: " + Errno.text(result));
        }
    }
}
