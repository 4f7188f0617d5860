package dev.culvert.datapath.udp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The release of the running kernel, for what no probe can tell: that a feature works. */
final class KernelRelease {
    private static final Path OSRELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final int MAX_DIGITS = 6;

    private KernelRelease() {}

    /** Whether the kernel is of that release or a later one; false when it does not tell. */
    static boolean atLeast(int major, int minor) {
        try {
            return atLeast(Files.readString(OSRELEASE).strip(), major, minor);
        } catch (IOException e) {
            return false;
        }
    }

    static boolean atLeast(String release, int major, int minor) {
        int dot = digitsEnd(release, 0);
        if (dot == 0 || dot == release.length() || release.charAt(dot) != '.') {
            return false;
        }
        int minorEnd = digitsEnd(release, dot + 1);
        if (minorEnd == dot + 1) {
            return false;
        }
        int foundMajor = Integer.parseInt(release, 0, dot, 10);
        int foundMinor = Integer.parseInt(release, dot + 1, minorEnd, 10);
        return foundMajor > major || (foundMajor == major && foundMinor >= minor);
    }

    /**
     * Of the digits that start there. By hand: sockets are bound while a peer waits, and the first
     * regular expression of a process takes longer than all system calls of it.
     */
    private static int digitsEnd(String text, int start) {
        int end = start;
        while (end < text.length()
                && end - start < MAX_DIGITS
                && text.charAt(end) >= '0'
                && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
