package dev.culvert.datapath.io.uring;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.IoUringSetup;
import dev.culvert.tun.sys.Libc;
import io.netty.channel.uring.IoUring;
import org.jspecify.annotations.Nullable;

/** Whether this kernel lets this process use io_uring, and whether Netty's native part loads. */
final class IoUringProbe {
    /** Linux 6.0, as are multishot receives; older kernels answer EINVAL. */
    private static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;

    private IoUringProbe() {}

    /** One line, or null: it can be used. Asks the kernel before anything of Netty is loaded. */
    static @Nullable String unavailableBecause() {
        int ring = IoUringSetup.open(1, IORING_SETUP_SINGLE_ISSUER);
        if (ring < 0) {
            return refusal(-ring);
        }
        Libc.close(ring);
        return netty();
    }

    private static String refusal(int errno) {
        String hint =
                switch (errno) {
                    case Errno.EPERM ->
                            " (a seccomp profile such as Docker's forbids it, or sysctl"
                                    + " kernel.io_uring_disabled)";
                    case Errno.ENOSYS ->
                            " (a seccomp profile such as podman's hides it, or the kernel lacks"
                                    + " it)";
                    case Errno.EINVAL -> " (the kernel is older than Linux 6.0)";
                    case Errno.ENOMEM -> " (RLIMIT_MEMLOCK is too low)";
                    default -> "";
                };
        return "io_uring_setup: " + Errno.text(errno) + hint;
    }

    private static @Nullable String netty() {
        if (IoUring.isAvailable()) {
            return null;
        }
        Throwable cause = IoUring.unavailabilityCause();
        String message = cause == null ? null : cause.getMessage();
        return message == null
                ? "Netty's native io_uring library cannot be used: " + cause
                : message.lines().findFirst().orElse(message);
    }
}
