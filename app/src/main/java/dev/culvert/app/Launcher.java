package dev.culvert.app;

import static dev.culvert.app.config.EngineVariable.CULVERT_READY_FD;
import static dev.culvert.app.config.MonitoringVariable.LOG_LEVEL;

import dev.culvert.app.log.LogLevel;
import dev.culvert.tun.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The other half of {@code bin/culvert}: what a daemon owes to the launcher that waits for it. The
 * launcher reads a pipe until it is closed; {@code CULVERT_READY_FD} is its other end.
 */
final class Launcher {
    private Launcher() {}

    /**
     * Lets the launcher return to its caller. From then on stdout and stderr are the caller's only
     * if {@code LOG_LEVEL} asks for output, as with wireguard-go. Does nothing in the foreground.
     */
    static void announceReady(Map<String, String> environment) {
        String fd = CULVERT_READY_FD.in(environment);
        if (fd.isEmpty()) {
            return;
        }
        if (!LOG_LEVEL.isIn(environment)
                || LogLevel.of(LOG_LEVEL.in(environment)) == LogLevel.SILENT) {
            silence();
        }
        int readyFd = Integer.parseInt(fd);
        try (Arena arena = Arena.ofConfined()) {
            byte[] ready = "ready\n".getBytes(StandardCharsets.US_ASCII);
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, ready);
            Libc.write(readyFd, text, 0, ready.length);
        }
        Libc.close(readyFd);
    }

    private static void silence() {
        int nothing = Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (nothing >= 0) {
            Libc.dup2(nothing, 1);
            Libc.dup2(nothing, 2);
            Libc.close(nothing);
        }
    }
}
