package dev.culvert.app.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * One line for the launcher, which reads it with what a shell has built in and without starting a
 * Java runtime:
 *
 * <pre>
 * STATUS UNTIL PID WHY
 * 0      4711  1   connected
 * </pre>
 *
 * STATUS is an exit status. After UNTIL, in seconds of /proc/uptime, it counts no more: whoever
 * wrote it hangs. It is replaced, not changed, so that nobody reads half of it.
 */
final class HealthFile {
    private static final Path UPTIME = Path.of("/proc/uptime");

    private final Path path;

    HealthFile(Path path) {
        this.path = path;
    }

    void write(Readiness readiness, int validS) throws IOException {
        String line =
                (readiness.ready() ? 0 : 1)
                        + " "
                        + (uptimeS() + validS)
                        + " "
                        + ProcessHandle.current().pid()
                        + " "
                        + readiness.why().replaceAll("[\\p{Cntrl}]", " ")
                        + "\n";
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.write(fresh, line.getBytes(StandardCharsets.UTF_8));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** As the launcher reads it: containers may have an uptime of their own. */
    private static long uptimeS() throws IOException {
        String text = Files.readString(UPTIME);
        return Long.parseLong(text.substring(0, text.indexOf('.')));
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException left) {
            // It runs out by itself.
        }
    }
}
