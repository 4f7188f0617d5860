package dev.culvert.tun.sys;

/** Waiting for the end of a thread whose descriptors and memory are released next. */
public final class ThreadEnd {
    private ThreadEnd() {}

    /** Does not return before it has ended, an interrupt or not: that is kept for the caller. */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
