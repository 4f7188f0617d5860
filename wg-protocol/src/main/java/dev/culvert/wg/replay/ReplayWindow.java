package dev.culvert.wg.replay;

/**
 * Window of received counters: 8192 bits in a ring of 64-bit words (RFC 6479). One word is always
 * the one being filled, so a counter up to {@link #USABLE_BITS} behind the highest one is still
 * accepted. Counters are unsigned.
 */
public final class ReplayWindow {
    /** Bits that the window remembers. */
    public static final int BITS = 8192;

    /** How far a counter may lie behind the highest one received. */
    public static final int USABLE_BITS = BITS - Long.SIZE;

    private static final int WORDS = BITS / Long.SIZE;
    private static final int WORD_MASK = WORDS - 1;
    private static final int WORD_SHIFT = 6;

    private final long[] words = new long[WORDS];
    private long highest;

    /** Nothing received yet. */
    public ReplayWindow() {}

    /**
     * Whether the counter is new as far as is known: the cheap look before a packet is
     * authenticated. Any thread; {@link #update} decides.
     */
    public boolean check(long counter) {
        return ahead(counter) || (insideWindow(counter) && !isMarked(counter));
    }

    /**
     * Marks the counter of an authenticated packet. Any thread.
     *
     * @return false when it was marked before or lies behind the window: drop the packet
     */
    public synchronized boolean update(long counter) {
        if (ahead(counter)) {
            advanceTo(counter);
        } else if (!insideWindow(counter) || isMarked(counter)) {
            return false;
        }
        words[word(counter)] |= 1L << counter;
        return true;
    }

    private boolean ahead(long counter) {
        return Long.compareUnsigned(counter, highest) > 0;
    }

    private boolean insideWindow(long counter) {
        return Long.compareUnsigned(highest - counter, USABLE_BITS) <= 0;
    }

    private boolean isMarked(long counter) {
        return (words[word(counter)] & 1L << counter) != 0;
    }

    private void advanceTo(long counter) {
        long from = highest >>> WORD_SHIFT;
        long steps = Math.min((counter >>> WORD_SHIFT) - from, WORDS);
        for (long i = 1; i <= steps; i++) {
            words[(int) (from + i) & WORD_MASK] = 0;
        }
        highest = counter;
    }

    private static int word(long counter) {
        return (int) (counter >>> WORD_SHIFT) & WORD_MASK;
    }
}
