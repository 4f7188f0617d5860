package dev.culvert.app.rehearsal;

import dev.culvert.tun.sys.Libc;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what only the start has touched: pages of the JVM's code, of the ahead-of-time cache
 * and of the modules. They stay in the page cache, for as long as the kernel has room for them;
 * what is needed again is mapped again without a disk. Only pages that are as in their file go: of
 * mappings that nobody may write to and that have no page of their own.
 */
public final class MappedPages {
    private static final Logger log = LoggerFactory.getLogger(MappedPages.class);

    private static final Path SMAPS = Path.of("/proc/self/smaps");
    private static final int HEXADECIMAL = 16;

    /** When the packet path has been compiled, which takes much of the JVM's code; once more. */
    private static final long[] DELAYS_MS = {8_000, 50_000};

    private long startAddress;
    private long endAddress;
    private boolean releasable;
    private long residentKib;
    private long releasedKib;

    private MappedPages() {}

    /** When the start is over, on a thread of its own that ends after it. */
    public static void releaseLater() {
        Thread.ofPlatform().daemon().name("release").start(MappedPages::awaitAndRelease);
    }

    private static void awaitAndRelease() {
        try {
            for (long delayMs : DELAYS_MS) {
                Thread.sleep(delayMs);
                log.debug("{} KiB of the start are let go", release());
            }
        } catch (IOException unreadable) {
            log.debug("the pages of the start stay: {}", unreadable.getMessage());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Does it now.
     *
     * @return how much was resident of what was let go, in KiB
     */
    static long release() throws IOException {
        MappedPages pages = new MappedPages();
        try (BufferedReader lines = Files.newBufferedReader(SMAPS)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                pages.take(line);
            }
        }
        return pages.releasedKib;
    }

    /**
     * A mapping is a line with addresses, {@code 7f6d8a400000-7f6d8b000000 r-xp 00400000 08:01 7
     * /x/libjvm.so}, and lines with figures, of which {@code VmFlags} is the last.
     */
    private void take(String line) {
        if (line.startsWith("Rss:")) {
            residentKib = kib(line);
        } else if (line.startsWith("Anonymous:") || line.startsWith("Swap:")) {
            releasable &= kib(line) == 0;
        } else if (line.startsWith("VmFlags:")) {
            if (releasable && residentKib > 0) {
                letGo();
            }
        } else if (Character.digit(line.charAt(0), HEXADECIMAL) >= 0
                && line.indexOf("-") > 0
                && line.indexOf("-") < line.indexOf(" ")) {
            begin(line);
        }
    }

    private void begin(String line) {
        int dash = line.indexOf('-');
        int blank = line.indexOf(' ');
        startAddress = Long.parseUnsignedLong(line, 0, dash, HEXADECIMAL);
        endAddress = Long.parseUnsignedLong(line, dash + 1, blank, HEXADECIMAL);
        boolean writable = line.charAt(blank + 2) == 'w';
        releasable = !writable && line.indexOf('/', blank) > 0;
        residentKib = 0;
    }

    private void letGo() {
        if (Libc.madvise(startAddress, endAddress - startAddress, Libc.MADV_DONTNEED) == 0) {
            releasedKib += residentKib;
        }
    }

    private static long kib(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
}
