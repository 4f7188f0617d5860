package dev.culvert.datapath.nat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Held for a lookup, never across a system call or a checksum over data. It spins a little and then
 * gives its core away, for the holder may have lost its own. Alone on its cache line; does not
 * allocate, neither when it is contended.
 */
final class NatLock {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int AT = 32;
    private static final int SPINS = 64;

    private final int[] words = new int[2 * AT];

    // The scheduler is all there is to turn to when the holder waits for a core.
    @SuppressWarnings("ThreadPriorityCheck")
    void lock() {
        int spins = 0;
        while (!WORD.weakCompareAndSetAcquire(words, AT, 0, 1)) {
            if (++spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    void unlock() {
        WORD.setRelease(words, AT, 0);
    }
}
