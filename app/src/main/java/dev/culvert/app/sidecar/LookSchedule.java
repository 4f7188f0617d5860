package dev.culvert.app.sidecar;

/**
 * When to look at what the kernel has: soon after it has announced a change, and now and then for
 * the case that an announcement was lost. Somebody who changes things all the time causes a few
 * looks at once and then one in two seconds.
 */
final class LookSchedule {
    /** Changes come in bursts: a link, its addresses, its routes. */
    static final long SETTLE_NS = 20_000_000L;

    /** In a row. What the first of them puts right is announced, too, and looked at once more. */
    static final int AT_ONCE = 6;

    static final long INTERVAL_NS = 2_000_000_000L;

    /** The start changes a lot itself, and has to be fast. */
    static final long START_NS = 1_000_000_000L;

    private final long periodNs;
    private final long startedNs;
    private long lookedNs;
    private boolean announced;
    private long announcedNs;

    /** When {@link #AT_ONCE} looks in a row are possible again. */
    private long restedNs;

    /**
     * At the start, when nothing has been changed yet.
     *
     * @param periodNs looks are no further apart, whatever is announced
     */
    LookSchedule(long periodNs, long nowNs) {
        this.periodNs = periodNs;
        startedNs = nowNs;
        lookedNs = nowNs;
        restedNs = nowNs;
    }

    /** Something was changed, or may have been. */
    void announce(long nowNs) {
        if (!announced) {
            announced = true;
            announcedNs = nowNs;
        }
    }

    /** Until there is a look, more announcements change nothing. */
    boolean isAnnounced() {
        return announced;
    }

    /** Until the next look; 0 or less: it is due. */
    long waitNs(long nowNs) {
        long periodicNs = lookedNs + periodNs - nowNs;
        if (!announced) {
            return periodicNs;
        }
        long startNs = startedNs + START_NS - nowNs;
        long settledNs = announcedNs + SETTLE_NS - nowNs;
        long allowedNs = restedNs - (AT_ONCE - 1) * INTERVAL_NS - nowNs;
        return Math.min(periodicNs, Math.max(startNs, Math.max(settledNs, allowedNs)));
    }

    /** The look is taken now. */
    void look(long nowNs) {
        if (announced) {
            restedNs = (restedNs - nowNs > 0 ? restedNs : nowNs) + INTERVAL_NS;
        }
        announced = false;
        lookedNs = nowNs;
    }
}
