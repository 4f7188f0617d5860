package dev.culvert.app.connection;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the commands of a configuration by the shell, one after the other. */
final class HookRunner {
    private static final Logger log = LoggerFactory.getLogger(HookRunner.class);

    private static final int TIMEOUT_SECONDS = 60;

    private HookRunner() {}

    /** One that fails ends it: what follows may rely on it. */
    static void run(String kind, List<String> commands) throws ConnectionException {
        for (String command : commands) {
            log.info("{}: {}", kind, command);
            int status = status(kind, command);
            if (status != 0) {
                throw new ConnectionException(kind + " \"" + command + "\" failed with " + status);
            }
        }
    }

    /** On the way down nothing is to be given up. */
    static void tryRun(String kind, List<String> commands) {
        try {
            run(kind, commands);
        } catch (ConnectionException failed) {
            log.error(failed.getMessage());
        }
    }

    private static int status(String kind, String command) throws ConnectionException {
        try {
            Process process = new ProcessBuilder("sh", "-c", command).inheritIO().start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new ConnectionException(
                        kind + " \"" + command + "\" took more than " + TIMEOUT_SECONDS + " s");
            }
            return process.exitValue();
        } catch (IOException noShell) {
            throw new ConnectionException(
                    kind + " cannot be run: " + noShell.getMessage(), noShell);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ConnectionException(kind + " was interrupted", interrupted);
        }
    }
}
