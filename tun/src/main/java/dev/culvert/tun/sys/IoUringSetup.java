package dev.culvert.tun.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * io_uring_setup(2), which the C library has no function for: makes a ring to see whether this
 * process may. Apart from {@link Libc} because most processes never ask.
 */
public final class IoUringSetup {
    /** The same on all architectures. */
    private static final long NR_IO_URING_SETUP = 425;

    /** sizeof(struct io_uring_params). */
    private static final long PARAMS_BYTES = 120;

    private static final long FLAGS_OFFSET = 8;

    private static final MemorySegment SYSCALL = Downcalls.symbol("syscall");

    private IoUringSetup() {}

    /**
     * A new ring's descriptor, or {@code -errno}.
     *
     * @param flags IORING_SETUP_...
     */
    public static int open(int entries, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(PARAMS_BYTES, 8);
            params.set(ValueLayout.JAVA_INT, FLAGS_OFFSET, flags);
            return Downcalls.call(SYSCALL, NR_IO_URING_SETUP, entries, params.address());
        }
    }
}
