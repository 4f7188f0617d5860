package dev.culvert.wg.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.timers.Timeouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class KeypairTest {
    private final CheckedAead aead = new CheckedAead(AeadProviders.select(AeadProviders.AUTO));
    private final Keypair keypair = TestSession.create(aead, 4, 1000).initiator();

    @Test
    void countersAreReservedInARow() {
        assertEquals(0, keypair.reserve(1));
        assertEquals(1, keypair.reserve(45));
        assertEquals(46, keypair.reserve(1));
    }

    @Test
    void noCounterIsReservedAtOrBeyondTheLimit() {
        keypair.skipTo(Keypair.REJECT_AFTER_MESSAGES - 10);
        assertEquals(-1, keypair.reserve(11));
        assertTrue(keypair.canSend(1000));
        assertEquals(Keypair.REJECT_AFTER_MESSAGES - 10, keypair.reserve(10));
        assertEquals(-1, keypair.reserve(1));
        assertFalse(keypair.canSend(1000));
    }

    @Test
    void countersNeverGoBack() {
        keypair.skipTo(100);
        keypair.skipTo(50);
        assertEquals(100, keypair.reserve(1));
    }

    @Test
    void itExpiresAtRejectAfterTime() {
        long last = 1000 + Timeouts.REJECT_AFTER_TIME_NS - 1;
        assertFalse(keypair.expired(last));
        assertTrue(keypair.canSend(last));
        assertTrue(keypair.expired(last + 1));
        assertFalse(keypair.canSend(last + 1));
    }

    @Test
    void contextsAreMadePerWorkerAndFreedOnRetirement() {
        assertEquals(0, aead.open.get());
        assertTrue(keypair.acquire());
        var first = keypair.sealKey(0);
        assertEquals(first, keypair.sealKey(0));
        keypair.sealKey(1);
        keypair.openKey(2);
        assertEquals(3, aead.open.get());
        keypair.retire();
        assertEquals(3, aead.open.get());
        keypair.release();
        assertEquals(0, aead.open.get());
        assertTrue(keypair.isZeroed());
        keypair.retire();
        assertEquals(0, aead.open.get());
    }

    @Test
    void itsNameSaysNothingOfKeys() {
        assertEquals("Keypair[local=11111111, remote=22222222]", keypair.toString());
    }

    @RepeatedTest(5)
    void retiredWhileSeveralThreadsSealItIsFreedOnceAndNeverUsedAfter() throws Exception {
        List<Thread> threads = new ArrayList<>();
        var counters = ConcurrentHashMap.<Long>newKeySet();
        var repeated = ConcurrentHashMap.<Long>newKeySet();
        for (int worker = 0; worker < 4; worker++) {
            int mine = worker;
            Thread thread = new Thread(() -> sealUntilRetired(mine, counters, repeated));
            thread.start();
            threads.add(thread);
        }
        while (counters.size() < 200) {
            Thread.onSpinWait();
        }
        keypair.retire();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, aead.usedAfterClose.get());
        assertEquals(0, aead.open.get());
        assertTrue(keypair.isZeroed());
        assertTrue(repeated.isEmpty(), "counters used twice");
    }

    private void sealUntilRetired(
            int worker,
            ConcurrentHashMap.KeySetView<Long, Boolean> counters,
            ConcurrentHashMap.KeySetView<Long, Boolean> repeated) {
        MemorySegment buf = Arena.ofAuto().allocate(256);
        while (keypair.acquire()) {
            long first = keypair.reserve(3);
            for (long counter = first; counter < first + 3; counter++) {
                Transport.seal(keypair, keypair.sealKey(worker), counter, buf, 16, 64, buf, 0);
                if (!counters.add(counter)) {
                    repeated.add(counter);
                }
            }
            keypair.release();
        }
    }
}
