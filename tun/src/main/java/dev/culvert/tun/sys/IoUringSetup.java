package dev.culvert.tun.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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

    private static final MethodHandle SYSCALL = Downcalls.link("syscall", 3);

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
            MemorySegment state = Downcalls.state();
            long word =
                    (long)
                            SYSCALL.invokeExact(
                                    state, NR_IO_URING_SETUP, (long) entries, params.address());
            return Downcalls.result(word, state);
        } catch (Throwable e) {
            throw Downcalls.bug(e);
        }
    }
}
