package dev.culvert.datapath.io.uring;

import static dev.culvert.datapath.io.IdleDuties.NO_DATAGRAMS;
import static dev.culvert.datapath.io.IdleDuties.NO_READS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.OutboundDuty;
import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TunReceiverTest {
    private static final class FirstFailure implements IoFailureListener {
        final CountDownLatch failed = new CountDownLatch(1);
        final AtomicInteger errno = new AtomicInteger();

        @Override
        public void onTunFailure(int failure) {
            errno.set(failure);
            failed.countDown();
        }

        @Override
        public void onUdpFailure(UdpSocket socket, int failure) {
            fail("no socket here");
        }

        @Override
        public void onCrash(Throwable bug) {
            fail(bug);
        }
    }

    /** /dev/zero can be read, but not polled, which multishot reads need. */
    @Test
    void readsOneByOneWhereTheKernelRefusesMultishotReads() throws Exception {
        int fd = Libc.open("/dev/zero", Libc.O_CLOEXEC, 0);
        CountDownLatch reads = new CountDownLatch(3);
        OutboundDuty duty =
                new OutboundDuty() {
                    @Override
                    public void onTunRead(MemorySegment buf, long offset, int length) {
                        reads.countDown();
                    }

                    @Override
                    public void onBatchEnd() {}
                };
        FirstFailure failures = new FirstFailure();
        PacketIo io =
                new IoUringProvider()
                        .open(0, fd, true, duty, NO_DATAGRAMS, new BulkLoad(), failures);
        try (io) {
            io.start();
            assertTrue(reads.await(5, TimeUnit.SECONDS));
        } finally {
            Libc.close(fd);
        }
        assertEquals(0, failures.errno.get());
    }

    /** The end of a file is no packet, and waiting for more would be in vain. */
    @Test
    void reportsADescriptorWithoutPackets() throws Exception {
        int fd = Libc.open("/dev/null", Libc.O_CLOEXEC, 0);
        FirstFailure failures = new FirstFailure();
        PacketIo io =
                new IoUringProvider()
                        .open(0, fd, true, NO_READS, NO_DATAGRAMS, new BulkLoad(), failures);
        try (io) {
            io.start();
            assertTrue(failures.failed.await(5, TimeUnit.SECONDS));
            assertEquals(Errno.EIO, failures.errno.get());
        } finally {
            Libc.close(fd);
        }
    }
}
