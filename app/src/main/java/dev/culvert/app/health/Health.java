package dev.culvert.app.health;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the main loop has said last. {@link #turned} and {@link #end} are the main loop's, the rest
 * is any thread's.
 */
public final class Health {
    /** Longer than a turn with name servers that do not answer. */
    static final int VALID_S = 15;

    private static final Logger log = LoggerFactory.getLogger(Health.class);

    private static final long REFRESH_NS = 2_000_000_000L;

    /** One turn's word; immutable. */
    private record Word(Readiness readiness, long saidNs) {}

    private final HealthFile file;
    private final CountDownLatch firstTurn = new CountDownLatch(1);
    private volatile @Nullable Word word;
    private volatile Optional<String> objection = Optional.empty();
    private long writtenNs;
    private boolean unwritable;

    /**
     * @param file where {@code culvert health} reads it
     */
    public Health(Path file) {
        this.file = new HealthFile(file);
    }

    /** The loop turns; the file is written anew when something changed, or every two seconds. */
    public void turned(Readiness said) {
        Readiness readiness =
                said.ready() && objection.isPresent()
                        ? new Readiness(false, objection.get())
                        : said;
        long nowNs = System.nanoTime();
        Word before = word;
        word = new Word(readiness, nowNs);
        firstTurn.countDown();
        if (before == null
                || !before.readiness.equals(readiness)
                || nowNs - writtenNs >= REFRESH_NS) {
            writtenNs = nowNs;
            write(readiness);
        }
    }

    private void write(Readiness readiness) {
        try {
            file.write(readiness, VALID_S);
            unwritable = false;
        } catch (IOException refused) {
            if (!unwritable) {
                log.warn("no health file ({}): culvert health will fail", refused.toString());
            }
            unwritable = true;
        }
    }

    /** From the next turn on it is not ready for this reason; empty: for no such reason. */
    public void object(Optional<String> why) {
        objection = why;
    }

    /** Waits until the loop has turned once. */
    public void awaitFirstTurn() throws InterruptedException {
        firstTurn.await();
    }

    /** Whether the loop has turned lately. */
    public boolean isLive() {
        Word last = word;
        return last != null && System.nanoTime() - last.saidNs < VALID_S * 1_000_000_000L;
    }

    /** What it said. A loop that hangs is not ready. */
    public Readiness readiness() {
        Word last = word;
        if (last == null) {
            return new Readiness(false, "starting");
        }
        return isLive() ? last.readiness : new Readiness(false, "the main loop hangs");
    }

    /** The loop has ended. */
    public void end() {
        word = null;
        file.delete();
    }
}
