package dev.culvert.app.warmup;

import dev.culvert.tun.sys.Libc;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what only the start has touched: pages of the JVM's code, of the ahead-of-time cache
 * and of the modules. Those stay in the page cache, for as long as the kernel has room for them;
 * what is needed again is mapped again without a disk. Only pages that are as in their file go: of
 * mappings that nobody may write to and that have no page of their own.
 *
 * <p>It works on bytes, in loops that are too short to be compiled: what reading strings would have
 * the JVM compile takes more room than it gives back.
 */
public final class MappedPages {
    private static final Logger log = LoggerFactory.getLogger(MappedPages.class);

    /**
     * At once, before compiling takes room; when the packet path is compiled, when threads of the
     * compiler have ended, when the main loop is compiled, and then for good.
     */
    private static final long[] DELAYS_MS = {0, 2_000, 6_000, 52_000, 240_000};

    private static final int CHUNK_BYTES = 4096;
    private static final int HEXADECIMAL = 16;

    /** Of the lines of maps: of longer ones, those with long paths, the beginning counts. */
    private static final int LONGEST = 512;

    /** After the blank in {@code rwxp}. */
    private static final int WRITABLE = 2;

    /** An entry of pagemap is 8 bytes, little-endian, of which the last one has these bits. */
    private static final int ENTRY = 8;

    private static final int PRESENT = 0x80;
    private static final int SWAPPED = 0x40;
    private static final int OF_FILE = 0x20;

    private final RandomAccessFile pagemap;
    private final int pageBytes = Libc.getpagesize();
    private final byte[] entries = new byte[CHUNK_BYTES];
    private final byte[] line = new byte[LONGEST];
    private int length;
    private long releasedKib;

    private MappedPages(RandomAccessFile pagemap) {
        this.pagemap = pagemap;
    }

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
        byte[] bytes = new byte[CHUNK_BYTES];
        try (FileInputStream maps = new FileInputStream("/proc/self/maps");
                RandomAccessFile pagemap = new RandomAccessFile("/proc/self/pagemap", "r")) {
            MappedPages pages = new MappedPages(pagemap);
            for (int count = maps.read(bytes); count > 0; count = maps.read(bytes)) {
                pages.take(bytes, count);
            }
            return pages.releasedKib;
        }
    }

    private void take(byte[] bytes, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                takeLine();
                length = 0;
            } else if (length < LONGEST) {
                line[length++] = bytes[i];
            }
        }
    }

    /** {@code 7f6d8a400000-7f6d8b000000 r-xp 00400000 08:01 7 /x/libjvm.so}. */
    private void takeLine() throws IOException {
        int dash = indexOf('-', 0);
        int blank = indexOf(' ', dash);
        boolean file = indexOf('/', blank) < length;
        if (file && line[blank + WRITABLE] != 'w') {
            letGo(address(0, dash), address(dash + 1, blank));
        }
    }

    private int indexOf(char wanted, int from) {
        int at = from;
        while (at < length && line[at] != wanted) {
            at++;
        }
        return at;
    }

    private long address(int from, int end) {
        long value = 0;
        for (int i = from; i < end; i++) {
            value = value * HEXADECIMAL + Character.digit(line[i], HEXADECIMAL);
        }
        return value;
    }

    private void letGo(long startAddress, long endAddress) throws IOException {
        long pages = resident(startAddress, endAddress);
        if (pages > 0
                && Libc.madvise(startAddress, endAddress - startAddress, Libc.MADV_DONTNEED) == 0) {
            releasedKib += pages * pageBytes / 1024;
        }
    }

    /** How many pages are; 0 if one of them is not as in the file. */
    private long resident(long startAddress, long endAddress) throws IOException {
        long resident = 0;
        pagemap.seek(startAddress / pageBytes * ENTRY);
        long left = (endAddress - startAddress) / pageBytes * ENTRY;
        while (left > 0) {
            int count = (int) Math.min(left, entries.length);
            pagemap.readFully(entries, 0, count);
            left -= count;
            int present = present(count);
            if (present < 0) {
                return 0;
            }
            resident += present;
        }
        return resident;
    }

    /** Negative: one of them is not as in the file. */
    private int present(int count) {
        int present = 0;
        for (int last = ENTRY - 1; last < count; last += ENTRY) {
            int bits = entries[last];
            if ((bits & SWAPPED) != 0 || (bits & (PRESENT | OF_FILE)) == PRESENT) {
                return -1;
            }
            present += (bits & PRESENT) >> 7;
        }
        return present;
    }
}
