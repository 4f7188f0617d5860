package dev.culvert.wg.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StagedPacketsTest {
    private final StagedBudget budget = new StagedBudget(3 << 20);
    private final StagedPackets staged = new StagedPackets(budget);
    private final MemorySegment buf = Arena.ofAuto().allocate(1 << 17);

    private long nowNs = Long.MAX_VALUE;

    private int add(StagedPackets to, int number, int length) {
        buf.set(ValueLayout.JAVA_INT, 8, number);
        return to.add(buf, 8, length, nowNs);
    }

    private List<Integer> drain() {
        List<Integer> numbers = new ArrayList<>();
        staged.drain(
                buf,
                16,
                (segment, offset, length) ->
                        numbers.add(segment.get(ValueLayout.JAVA_INT, offset)));
        return numbers;
    }

    @Test
    void comeOutInTheOrderInWhichTheyWentIn() {
        for (int i = 0; i < 5; i++) {
            assertEquals(0, add(staged, i, 100));
        }
        assertTrue(staged.isHolding());
        assertEquals(List.of(0, 1, 2, 3, 4), drain());
        assertFalse(staged.isHolding());
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void theOldestGiveWayToThe129th() {
        int dropped = 0;
        for (int i = 0; i < 130; i++) {
            dropped += add(staged, i, 100);
        }
        assertEquals(2, dropped);
        assertEquals(2, drain().getFirst());
    }

    @Test
    void theOldestGiveWayBeyondOneMebibyte() {
        int dropped = 0;
        for (int i = 0; i < 20; i++) {
            dropped += add(staged, i, 65_536);
        }
        assertEquals(4, dropped);
        assertEquals(1 << 20, budget.usedBytes());
        assertEquals(4, drain().getFirst());
    }

    @Test
    void allPeersTogetherHaveABudget() {
        List<StagedPackets> peers = new ArrayList<>();
        int dropped = 0;
        for (int i = 0; i < 4; i++) {
            StagedPackets peer = new StagedPackets(budget);
            peers.add(peer);
            for (int k = 0; k < 16; k++) {
                dropped += add(peer, k, 65_536);
            }
        }
        assertEquals(16, dropped);
        assertEquals(3 << 20, budget.usedBytes());
        peers.forEach(StagedPackets::purge);
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void whatIsAddedWhileDrainingComesOutToo() {
        add(staged, 1, 100);
        List<Integer> numbers = new ArrayList<>();
        staged.drain(
                buf,
                16,
                (segment, offset, length) -> {
                    int number = segment.get(ValueLayout.JAVA_INT, offset);
                    numbers.add(number);
                    assertTrue(staged.isHolding(), "later ones have to queue up behind it");
                    if (number < 3) {
                        add(staged, number + 1, 100);
                    }
                });
        assertEquals(List.of(1, 2, 3), numbers);
    }

    @Test
    void theWayOpensWhenTheQueueFillsFasterThanItDrains() {
        add(staged, 0, 100);
        AtomicInteger drained = new AtomicInteger();
        staged.drain(
                buf,
                16,
                (segment, offset, length) -> {
                    if (staged.isHolding()) {
                        add(staged, 1, 100);
                    }
                    drained.incrementAndGet();
                    assertTrue(drained.get() < 100, "it never opens");
                });
        assertFalse(staged.isHolding());
        assertEquals(0, staged.size());
    }

    @Test
    void closedItTakesNothing() {
        add(staged, 1, 100);
        assertEquals(1, staged.close());
        assertEquals(1, add(staged, 2, 100));
        assertEquals(0, staged.size());
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void suspendedItKeepsWhatIsAtMostASecondOld() {
        add(staged, 1, 100);
        assertEquals(1, staged.suspend());
        assertEquals(0, add(staged, 2, 100));
        nowNs += StagedPackets.MAX_SUSPENDED_NS + 1;
        assertEquals(1, add(staged, 3, 100));
        nowNs += StagedPackets.MAX_SUSPENDED_NS;
        assertEquals(0, add(staged, 4, 100));
        assertEquals(0, staged.resume(nowNs));
        assertEquals(List.of(3, 4), drain());
        staged.suspend();
        add(staged, 5, 100);
        nowNs += StagedPackets.MAX_SUSPENDED_NS + 1;
        assertEquals(1, staged.resume(nowNs));
        assertFalse(staged.isHolding());
        assertEquals(0, budget.usedBytes());
    }
}
