package dev.culvert.wg.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DropCountersTest {
    @Test
    void eachReasonHasItsOwnCounter() {
        DropCounters drops = new DropCounters();
        drops.count(DropReason.BAD_TAG);
        drops.count(DropReason.BAD_TAG, 3);
        drops.count(DropReason.NO_PEER);
        assertEquals(4, drops.get(DropReason.BAD_TAG));
        assertEquals(1, drops.get(DropReason.NO_PEER));
        assertEquals(0, drops.get(DropReason.BAD_MAC1));
        assertEquals(5, drops.total());
    }

    @Test
    void everyReasonHasANegativeCodeAndALabelOfItsOwn() {
        Set<String> labels = new HashSet<>();
        for (DropReason reason : DropReason.values()) {
            assertTrue(reason.code() < 0);
            assertSame(reason, DropReason.ofCode(reason.code()));
            assertTrue(reason.label().matches("[a-z0-9]+(-[a-z0-9]+)*"), reason.label());
            assertTrue(labels.add(reason.label()));
        }
    }
}
