package dev.culvert.wg.aead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeadAllocationTest {
    private static final int LENGTH = 1420;

    @ParameterizedTest
    @ValueSource(strings = {"ipsec-mb", "boringssl", "openssl"})
    void allocatesNothingPerPacketOnceWarm(String provider) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofConfined();
                AeadKey key = InstalledProviders.get(provider).newKey(new byte[32])) {
            MemorySegment buffer = arena.allocate(LENGTH + AeadKey.TAG_BYTES);
            sealAndOpen(key, buffer, 0, 50_000);
            int packets = 10_000;
            long before = threads.getCurrentThreadAllocatedBytes();
            sealAndOpen(key, buffer, 50_000, packets);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < packets, allocated + " bytes for " + packets + " packets");
        }
    }

    private static void sealAndOpen(AeadKey key, MemorySegment buffer, long from, int packets) {
        for (long counter = from; counter < from + packets; counter++) {
            key.seal(counter, buffer, 0, LENGTH, buffer, 0);
            assertEquals(LENGTH, key.open(counter, buffer, 0, LENGTH + 16, buffer, 0));
        }
    }
}
