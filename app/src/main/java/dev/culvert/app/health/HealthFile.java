package dev.culvert.app.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;

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
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Path path;
    private final Path fresh;

    HealthFile(Path path) {
        this.path = path.toAbsolutePath();
        fresh = this.path.resolveSibling(path.getFileName() + ".new");
    }

    void write(Readiness readiness, int validS) throws IOException {
        String line =
                (readiness.ready() ? 0 : 1)
                        + " "
                        + (uptimeS() + validS)
                        + " "
                        + ProcessHandle.current().pid()
                        + " "
                        + CONTROL.matcher(readiness.why()).replaceAll(" ")
                        + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(fresh, bytes);
        } catch (NoSuchFileException noFolder) {
            Files.createDirectories(path.getParent());
            Files.write(fresh, bytes);
        }
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
