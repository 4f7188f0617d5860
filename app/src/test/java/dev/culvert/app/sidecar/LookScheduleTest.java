package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LookScheduleTest {
    private static final long MS = 1_000_000L;
    private static final long S = 1000 * MS;
    private static final long PERIOD_NS = 30 * S;

    /** The clock may have any value, this one wraps around within a test. */
    private static final long BEGIN_NS = Long.MAX_VALUE - 100 * S;

    private final LookSchedule schedule = new LookSchedule(PERIOD_NS, BEGIN_NS);
    private long nowNs = BEGIN_NS;

    private void elapse(long ns) {
        nowNs += ns;
    }

    /** When looks were taken until then, in ms. */
    private List<Long> looksDuring(long ns, Runnable eachMs) {
        List<Long> looks = new ArrayList<>();
        long sinceNs = nowNs;
        while (nowNs - sinceNs < ns) {
            if (schedule.waitNs(nowNs) <= 0) {
                schedule.look(nowNs);
                looks.add((nowNs - sinceNs) / MS);
            }
            eachMs.run();
            elapse(MS);
        }
        return looks;
    }

    @Test
    void looksSoonAfterAChange() {
        elapse(10 * S);

        schedule.announce(nowNs);

        assertTrue(schedule.isAnnounced());
        assertEquals(LookSchedule.SETTLE_NS, schedule.waitNs(nowNs));
        elapse(LookSchedule.SETTLE_NS);
        assertEquals(0, schedule.waitNs(nowNs));
        schedule.look(nowNs);
        assertFalse(schedule.isAnnounced());
        assertEquals(PERIOD_NS, schedule.waitNs(nowNs));
    }

    @Test
    void aBurstIsOneChange() {
        elapse(10 * S);
        schedule.announce(nowNs);
        elapse(15 * MS);

        schedule.announce(nowNs);

        assertEquals(5 * MS, schedule.waitNs(nowNs));
    }

    @Test
    void looksNowAndThenWithoutAChange() {
        List<Long> looks = looksDuring(70 * S, () -> {});

        assertEquals(List.of(30_000L, 60_000L), looks);
    }

    @Test
    void whoeverNeverRestsCausesALookInTwoSeconds() {
        elapse(10 * S);

        List<Long> looks = looksDuring(20 * S, () -> schedule.announce(nowNs));

        List<Long> first = looks.subList(0, LookSchedule.AT_ONCE);
        assertTrue(first.getLast() < 200, "at once: " + looks);
        List<Long> later = looks.subList(LookSchedule.AT_ONCE, looks.size());
        assertEquals(9, later.size(), "then one in two seconds: " + looks);
    }

    @Test
    void looksAtOnceAgainAfterARest() {
        elapse(10 * S);
        looksDuring(20 * S, () -> schedule.announce(nowNs));
        looksDuring(15 * S, () -> {});

        schedule.announce(nowNs);

        assertEquals(LookSchedule.SETTLE_NS, schedule.waitNs(nowNs));
    }

    @Test
    void letsTheStartPassFirst() {
        schedule.announce(nowNs);

        assertEquals(LookSchedule.START_NS, schedule.waitNs(nowNs));
    }

    @Test
    void neverWaitsLongerThanWithoutAnAnnouncement() {
        LookSchedule often = new LookSchedule(LookSchedule.INTERVAL_NS, nowNs);
        elapse(LookSchedule.INTERVAL_NS - 5 * MS);

        often.announce(nowNs);

        assertEquals(5 * MS, often.waitNs(nowNs));
    }
}
