package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpOffload;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Has a JVM of its own (see the module's pom.xml): other tests hand arrays to methods which the
 * program only ever calls with native memory, and what the compiler then makes of a system call
 * allocates a segment each time.
 */
@Tag("netns")
@Timeout(120)
final class AllocationAloneTest {
    private static DatapathSettings io(String engine) {
        return new DatapathSettings(engine, true, new UdpOffload(true, true), UdpAddresses.ANY);
    }

    /**
     * Both ends run here: 100 MB are about 75,000 packets. Netty's loop makes an object per wakeup,
     * of which there is one for many packets.
     */
    @ParameterizedTest
    @CsvSource({"syscalls, 0.1", "io_uring, 5"})
    void itsThreadsAllocateNothingPerPacketOnceTheyAreCompiled(String engine, double limit)
            throws Exception {
        try (TunnelPair pair = TunnelPair.open(1420, io(engine))) {
            double bytesPerPacket = Double.MAX_VALUE;
            for (int round = 0; round < 12 && bytesPerPacket > limit; round++) {
                long packets = packetsWritten(pair);
                long bytes = allocatedBytes();
                Iperf.transfer(pair.leftSpace, pair.rightSpace, "10.81.0.2", "100M");
                bytes = allocatedBytes() - bytes;
                packets = packetsWritten(pair) - packets;
                assertTrue(packets > 70_000, packets + " packets");
                bytesPerPacket = (double) bytes / packets;
            }
            assertTrue(bytesPerPacket <= limit, bytesPerPacket + " bytes per packet");
        }
    }

    private static long packetsWritten(TunnelPair pair) {
        return pair.left.datapath.statistics().tunPacketsWritten()
                + pair.right.datapath.statistics().tunPacketsWritten();
    }

    private static long allocatedBytes() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches(".*(in|out)bound.*"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId()))
                .sum();
    }
}
