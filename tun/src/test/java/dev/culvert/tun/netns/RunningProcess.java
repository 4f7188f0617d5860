package dev.culvert.tun.netns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process in the background, its standard output and error in a file. Closing it kills it and its
 * children.
 */
public final class RunningProcess implements AutoCloseable {
    private final Process process;
    private final Path log;

    private RunningProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** {@code environment} as {@code NAME=value}. */
    static RunningProcess start(List<String> environment, List<String> command) {
        try {
            Path log = Files.createTempFile("culvert-test-", ".log");
            log.toFile().deleteOnExit();
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(log.toFile());
            for (String setting : environment) {
                int equals = setting.indexOf('=');
                builder.environment()
                        .put(setting.substring(0, equals), setting.substring(equals + 1));
            }
            return new RunningProcess(builder.start(), log);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot start " + command, cause);
        }
    }

    public Process process() {
        return process;
    }

    /** What it has printed so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Waits for the end. */
    public Execution await(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + timeout + ": " + output());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
        return new Execution(process.exitValue(), output());
    }

    /** Waits until it has printed {@code text}. */
    public void awaitOutput(String text, Duration timeout) {
        NetworkNamespace.await(
                timeout,
                () -> output().contains(text),
                () -> "no \"" + text + "\" in: " + output());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                throw new AssertionError("cannot be killed: pid " + process.pid());
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
