package dev.culvert.datapath.udp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The release of the running kernel, for what no probe can tell: that a feature works. */
final class KernelRelease {
    private static final Path OSRELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Pattern START = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");

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
        Matcher matcher = START.matcher(release);
        if (!matcher.matches()) {
            return false;
        }
        int foundMajor = Integer.parseInt(matcher.group(1));
        int foundMinor = Integer.parseInt(matcher.group(2));
        return foundMajor > major || (foundMajor == major && foundMinor >= minor);
    }
}
