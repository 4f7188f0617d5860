package dev.culvert.app.privilege;

import dev.culvert.tun.sys.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CAP_NET_ADMIN for whoever is not root. In the container's image the Java binary may have it
 * (capabilities(7), "File capabilities"): permitted, so that the program starts without it, too,
 * and says itself what is missing. Here it becomes effective, and ambient for the commands that
 * hooks run. Threads and processes inherit it from the thread that starts them: called by the first
 * thread at once, and by those that the JVM itself starts.
 */
public final class NetAdmin {
    private static final int CAP_NET_ADMIN = 12;
    private static final int BIT = 1 << CAP_NET_ADMIN;

    /** _LINUX_CAPABILITY_VERSION_3: two structs of effective, permitted, inheritable. */
    private static final int VERSION_3 = 0x20080522;

    private static final int HEADER_BYTES = 8;
    private static final int DATA_BYTES = 24;
    private static final int EFFECTIVE = 0;
    private static final int PERMITTED = 4;
    private static final int INHERITABLE = 8;

    private NetAdmin() {}

    /**
     * For the calling thread: makes it effective where it is permitted only. Nothing happens where
     * it is not.
     */
    public static void raise() {
        if (!isDormant()) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocate(HEADER_BYTES, 4);
            header.set(ValueLayout.JAVA_INT, 0, VERSION_3);
            MemorySegment data = arena.allocate(DATA_BYTES, 4);
            if (Libc.capget(header, data) < 0 || (get(data, PERMITTED) & BIT) == 0) {
                return;
            }
            set(data, EFFECTIVE, get(data, EFFECTIVE) | BIT);
            set(data, INHERITABLE, get(data, INHERITABLE) | BIT);
            if (Libc.capset(header, data) == 0) {
                Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0);
            }
        }
    }

    /** Whether the calling thread has it for certain not, after {@link #raise}. */
    public static boolean isMissing() {
        try {
            return (mask("CapEff:") & BIT) == 0;
        } catch (IOException | NumberFormatException unreadable) {
            return false;
        }
    }

    /** Whether it is permitted and not effective. */
    private static boolean isDormant() {
        try {
            return (mask("CapPrm:") & ~mask("CapEff:") & BIT) != 0;
        } catch (IOException | NumberFormatException unreadable) {
            return false;
        }
    }

    /** Asks /proc, which costs no native linking. */
    private static long mask(String set) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
            if (line.startsWith(set)) {
                return Long.parseUnsignedLong(line.substring(set.length()).strip(), 16);
            }
        }
        throw new IOException("there is no " + set);
    }

    private static int get(MemorySegment data, int field) {
        return data.get(ValueLayout.JAVA_INT, field);
    }

    private static void set(MemorySegment data, int field, int value) {
        data.set(ValueLayout.JAVA_INT, field, value);
    }
}
