package dev.culvert.app.tunnel;

import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.aead.AeadProviders;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The choice of the AEAD provider, made by a thread of its own: linking OpenSSL and its
 * known-answer test take a fifth of the start, and need nothing of the rest.
 */
public final class AeadSelection {
    private final FutureTask<AeadProvider> task;

    private AeadSelection(FutureTask<AeadProvider> task) {
        this.task = task;
    }

    /** Starts choosing; {@code choice} is the value of {@code CULVERT_AEAD}. */
    public static AeadSelection start(String choice) {
        FutureTask<AeadProvider> task = new FutureTask<>(() -> AeadProviders.select(choice));
        Thread.ofPlatform().daemon().name("aead").start(task);
        return new AeadSelection(task);
    }

    /**
     * Waits for the choice.
     *
     * @throws IllegalArgumentException in one line, when the provider does not work here
     */
    AeadProvider await() {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IllegalArgumentException unavailable) {
                throw unavailable;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
