package dev.culvert.app.warmup;

import dev.culvert.tun.sys.Libc;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what the start has touched, and what is needed seldom: pages of the JVM's code, of the
 * ahead-of-time cache and of the modules. Those stay in the page cache, for as long as the kernel
 * has room for them; what is needed again is mapped again without a disk. Only pages that are as in
 * their file go: of mappings that nobody may write to and that have no page of their own.
 *
 * <p>A page that is touched again would bring its neighbours with it: 64 KiB, and since Linux 6.18
 * all of a large folio, but none of another mapping. So large mappings are cut into pieces first.
 *
 * <p>It works on bytes, in loops that are too short to be compiled: what reading strings would have
 * the JVM compile takes more room than it gives back.
 */
public final class MappedPages {
    private static final Logger log = LoggerFactory.getLogger(MappedPages.class);

    /**
     * At once, before compiling takes room; when the packet path is compiled, when threads of the
     * compiler have ended, when the main loop is compiled.
     */
    private static final long[] DELAYS_MS = {0, 2_000, 6_000, 52_000};

    /** From then on: what was needed once, and what compiles the last methods. */
    private static final long INTERVAL_MS = 300_000;

    /** With smaller ones less comes back, but the kernel has a structure for each. */
    static final long PIECE_BYTES = 8192;

    /** With less of it resident, cutting a mapping is not worth it. */
    private static final long CUT_BYTES = 1 << 20;

    /** Those of the JVM and of a dozen libraries are some 60. */
    private static final int MOST_MAPPINGS = 256;

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

    private final int pageBytes = Libc.getpagesize();
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] line = new byte[LONGEST];
    private int length;

    /** Of each in turn: its first address, and the one after its last. */
    private final long[] mappings = new long[2 * MOST_MAPPINGS];

    private int bounds;

    private MappedPages() {}

    /** From the end of the start on, on a thread of its own. */
    public static void releaseLater() {
        Thread.ofPlatform().daemon().name("release").start(MappedPages::awaitAndRelease);
    }

    private static void awaitAndRelease() {
        try {
            MappedPages pages = find();
            pages.cut();
            for (long delayMs : DELAYS_MS) {
                pages.releaseAfter(delayMs);
            }
            while (true) {
                pages.releaseAfter(INTERVAL_MS);
            }
        } catch (IOException unreadable) {
            log.debug("the pages of the start stay: {}", unreadable.getMessage());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    private void releaseAfter(long delayMs) throws IOException, InterruptedException {
        Thread.sleep(delayMs);
        log.debug("{} KiB of files are let go", release());
    }

    /** The mappings of files that nobody may write to, as they are now. */
    static MappedPages find() throws IOException {
        MappedPages pages = new MappedPages();
        try (FileInputStream maps = new FileInputStream("/proc/self/maps")) {
            byte[] bytes = pages.chunk;
            for (int count = maps.read(bytes); count > 0; count = maps.read(bytes)) {
                pages.take(bytes, count);
            }
        }
        return pages;
    }

    /**
     * Cuts the large ones. The kernel keeps neighbours apart if one of them is to be left out of
     * core dumps, of which there are none.
     */
    void cut() throws IOException {
        long piece = Math.max(PIECE_BYTES, pageBytes);
        try (RandomAccessFile pagemap = pagemap()) {
            for (int i = 0; i < bounds; i += 2) {
                long endAddress = mappings[i + 1];
                long at = mappings[i];
                if (resident(pagemap, at, endAddress) * pageBytes < CUT_BYTES) {
                    continue;
                }
                while (at + piece < endAddress
                        && Libc.madvise(at, piece, Libc.MADV_DONTDUMP) == 0) {
                    at += 2 * piece;
                }
            }
        }
    }

    /**
     * Lets go of what is resident of them.
     *
     * @return how much that was, in KiB
     */
    long release() throws IOException {
        long pages = 0;
        try (RandomAccessFile pagemap = pagemap()) {
            for (int i = 0; i < bounds; i += 2) {
                pages += release(pagemap, mappings[i], mappings[i + 1]);
            }
        }
        return pages * pageBytes / 1024;
    }

    private static RandomAccessFile pagemap() throws IOException {
        return new RandomAccessFile("/proc/self/pagemap", "r");
    }

    private void take(byte[] bytes, int count) {
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
    private void takeLine() {
        int dash = indexOf('-', 0);
        int blank = indexOf(' ', dash);
        boolean file = indexOf('/', blank) < length;
        if (file && line[blank + WRITABLE] != 'w' && bounds < mappings.length) {
            mappings[bounds++] = address(0, dash);
            mappings[bounds++] = address(dash + 1, blank);
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

    /** How many pages that were. */
    private long release(RandomAccessFile pagemap, long startAddress, long endAddress)
            throws IOException {
        long pages = resident(pagemap, startAddress, endAddress);
        return pages > 0
                        && Libc.madvise(startAddress, endAddress - startAddress, Libc.MADV_DONTNEED)
                                == 0
                ? pages
                : 0;
    }

    /** How many pages are; 0 if one of them is not as in the file. */
    private long resident(RandomAccessFile pagemap, long startAddress, long endAddress)
            throws IOException {
        long resident = 0;
        pagemap.seek(startAddress / pageBytes * ENTRY);
        long left = (endAddress - startAddress) / pageBytes * ENTRY;
        while (left > 0) {
            int count = (int) Math.min(left, chunk.length);
            pagemap.readFully(chunk, 0, count);
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
            int bits = chunk[last];
            if ((bits & SWAPPED) != 0 || (bits & (PRESENT | OF_FILE)) == PRESENT) {
                return -1;
            }
            present += (bits & PRESENT) >> 7;
        }
        return present;
    }
}
