package dev.culvert.datapath.io.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.datapath.io.IoEngines;
import dev.culvert.tun.sys.Errno;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Each test runs in a thread of its own that a seccomp filter has taken io_uring_setup from. */
final class IoUringProbeTest {
    private static <T> T refused(int errno, java.util.concurrent.Callable<T> test)
            throws Exception {
        FutureTask<T> task =
                new FutureTask<>(() -> {
                    SeccompFilter.refuseIoUringSetup(errno);
                    return test.call();
                });
        Thread.ofPlatform().start(task);
        return task.get();
    }

    @Test
    void canBeUsedWhereNothingForbidsIt() {
        assertNull(new IoUringProvider().unavailableBecause());
    }

    @Test
    void namesTheSeccompProfileThatForbidsIt() throws Exception {
        assertEquals(
                "io_uring_setup: EPERM: operation not permitted (a seccomp profile such as"
                        + " Docker's forbids it, or sysctl kernel.io_uring_disabled)",
                refused(Errno.EPERM, new IoUringProvider()::unavailableBecause));
    }

    @Test
    void namesTheSeccompProfileThatHidesIt() throws Exception {
        assertEquals(
                "io_uring_setup: ENOSYS: function not implemented (a seccomp profile such as"
                        + " podman's hides it, or the kernel lacks it)",
                refused(Errno.ENOSYS, new IoUringProvider()::unavailableBecause));
    }

    @Test
    void isRefusedInOneLineWhenAskedForByName() throws Exception {
        IllegalArgumentException refusal =
                refused(
                        Errno.EPERM,
                        () ->
                                assertThrows(
                                        IllegalArgumentException.class,
                                        () ->
                                                IoEngines.select(
                                                        "io_uring",
                                                        List.of(new IoUringProvider()))));
        assertEquals(
                "CULVERT_IO=io_uring cannot be used here; io_uring: io_uring_setup: EPERM:"
                        + " operation not permitted (a seccomp profile such as Docker's forbids"
                        + " it, or sysctl kernel.io_uring_disabled)",
                refusal.getMessage());
    }
}
