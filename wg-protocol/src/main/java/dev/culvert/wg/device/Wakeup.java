package dev.culvert.wg.device;

/** Reaches the home thread from data-path threads. */
@FunctionalInterface
public interface Wakeup {
    /**
     * Makes the home thread call {@link Device#handleWakeups} soon. Any thread; must not block and
     * must not call back into the device.
     */
    void wake();
}
