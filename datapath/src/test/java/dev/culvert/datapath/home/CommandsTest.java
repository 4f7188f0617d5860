package dev.culvert.datapath.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class CommandsTest {
    private final WakeSignal wake = new WakeSignal();
    private final Commands commands = new Commands(wake);

    @AfterEach
    void close() {
        wake.close();
    }

    private static void runUntilDone(Commands commands, CompletableFuture<?> done) {
        while (!done.isDone()) {
            commands.run();
            Thread.onSpinWait();
        }
    }

    @Test
    void answersTheCallerWithTheResult() throws Exception {
        CompletableFuture<Integer> caller =
                CompletableFuture.supplyAsync(() -> commands.call(() -> 42));
        runUntilDone(commands, caller);
        assertEquals(42, caller.get());
    }

    @Test
    void handsAnExceptionOverToTheCaller() {
        CompletableFuture<Integer> caller =
                CompletableFuture.supplyAsync(() ->
                        commands.call(() -> {
                            throw new IllegalArgumentException("no");
                        }));
        runUntilDone(commands, caller);
        ExecutionException thrown = assertThrows(ExecutionException.class, caller::get);
        assertInstanceOf(IllegalArgumentException.class, thrown.getCause());
    }

    @Test
    void runsACommandOfTheHomeThreadAtOnce() {
        commands.adopt();
        assertEquals("home", commands.call(() -> "home"));
    }

    @Test
    void refusesWhatWaitsAndWhatComesOnceItIsClosed() throws Exception {
        CompletableFuture<Integer> waiting =
                CompletableFuture.supplyAsync(() -> commands.call(() -> 1));
        TimeUnit.MILLISECONDS.sleep(20);
        commands.close();
        ExecutionException thrown =
                assertThrows(ExecutionException.class, () -> waiting.get(5, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, thrown.getCause());
        assertThrows(IllegalStateException.class, () -> commands.call(() -> 2));
    }
}
