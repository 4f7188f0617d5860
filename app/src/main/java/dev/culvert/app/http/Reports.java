package dev.culvert.app.http;

import dev.culvert.app.sidecar.Sidecar;
import dev.culvert.app.status.StatusReport;
import org.jspecify.annotations.Nullable;

/**
 * Status reports for many askers: a young one is handed out again, so that whoever asks often does
 * not keep the main loop busy. Any thread.
 */
final class Reports {
    private static final long YOUNG_NS = 500_000_000L;

    private final Sidecar sidecar;
    private @Nullable StatusReport last;
    private long askedNs;

    Reports(Sidecar sidecar) {
        this.sidecar = sidecar;
    }

    /**
     * One that is half a second old at most.
     *
     * @throws IllegalStateException the main loop does not answer
     */
    synchronized StatusReport get() {
        StatusReport young = last;
        if (young == null || System.nanoTime() - askedNs >= YOUNG_NS) {
            young = sidecar.status().report();
            last = young;
            askedNs = System.nanoTime();
        }
        return young;
    }
}
