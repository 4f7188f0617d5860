package dev.culvert.killswitch.leaktest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A classic BPF program in native memory.
 *
 * <pre>
 * sock_filter (8):  code (2) jump if true (1) jump if false (1) constant (4)
 * sock_fprog  (16): length (2) padding (6) pointer to the first sock_filter (8)
 * </pre>
 */
record ClassicBpf(MemorySegment sockFprog) {
    static final int SOCK_FPROG_BYTES = 16;

    private static final long INSTRUCTION_BYTES = 8;

    /** Each instruction as {code, jump if true, jump if false, constant}. */
    static ClassicBpf assemble(Arena arena, int[][] program) {
        MemorySegment filter = arena.allocate(program.length * INSTRUCTION_BYTES, 8);
        for (int i = 0; i < program.length; i++) {
            long at = i * INSTRUCTION_BYTES;
            filter.set(ValueLayout.JAVA_SHORT, at, (short) program[i][0]);
            filter.set(ValueLayout.JAVA_BYTE, at + 2, (byte) program[i][1]);
            filter.set(ValueLayout.JAVA_BYTE, at + 3, (byte) program[i][2]);
            filter.set(ValueLayout.JAVA_INT, at + 4, program[i][3]);
        }
        MemorySegment sockFprog = arena.allocate(SOCK_FPROG_BYTES, 8);
        sockFprog.set(ValueLayout.JAVA_SHORT, 0, (short) program.length);
        sockFprog.set(ValueLayout.JAVA_LONG, 8, filter.address());
        return new ClassicBpf(sockFprog);
    }
}
