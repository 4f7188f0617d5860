package dev.culvert.app.warmup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.sys.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedPagesTest {
    private static final int FILE_BYTES = 4 << 20;

    /** Of the file-backed pages of this process, in KiB. */
    private static long fileKib() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssFile:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private static MemorySegment map(Path file, Arena arena) throws Exception {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /**
     * Code that is running, classes that are in use: all of it comes back when it is needed. How
     * much of that is resident depends on what ran before, so a file of its own stands for a large
     * part.
     */
    @Test
    void letsGoOfPagesOfFilesAndTheProcessRunsOn(@TempDir Path folder) throws Exception {
        byte[] before = new byte[1 << 20];
        Arrays.fill(before, (byte) 7);
        byte[] content = new byte[FILE_BYTES];
        Arrays.fill(content, (byte) 9);
        Path file = Files.write(folder.resolve("pages"), content);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = map(file, arena);
            mapped.load();
            assertEquals(FILE_BYTES / 1024, residentKib(file));
            long fileKib = fileKib();

            MappedPages pages = MappedPages.find();
            long releasedKib = pages.release();
            long leftKib = fileKib();

            assertEquals(0, residentKib(file));
            assertTrue(releasedKib > FILE_BYTES / 1024, releasedKib + " KiB: its own code, too");
            assertTrue(leftKib < fileKib - releasedKib / 4, fileKib + " -> " + leftKib + " KiB");
            System.gc();
            for (byte b : before) {
                assertEquals(7, b);
            }
            assertArrayEquals(content, mapped.toArray(ValueLayout.JAVA_BYTE));
            assertTrue(pages.release() > 0, "again");
        }
    }

    @Test
    void aPageThatIsTouchedAgainBringsNoMoreThanItsPiece(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("pages"), new byte[FILE_BYTES]);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = map(file, arena);
            mapped.load();
            MappedPages pages = MappedPages.find();

            pages.release();
            touchMiddle(mapped);
            long wholeKib = residentKib(file);
            mapped.load();
            pages.cut();
            pages.release();
            long leftKib = residentKib(file);
            touchMiddle(mapped);

            long pieceKib = Math.max(MappedPages.PIECE_BYTES, Libc.getpagesize()) / 1024;
            assertTrue(wholeKib > pieceKib, wholeKib + " KiB without pieces");
            assertEquals(0, leftKib);
            assertEquals(pieceKib, residentKib(file));
        }
    }

    private static void touchMiddle(MemorySegment mapped) {
        assertEquals(0, mapped.get(ValueLayout.JAVA_BYTE, mapped.byteSize() / 2));
    }

    private static long residentKib(Path file) throws Exception {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        long residentKib = 0;
        boolean ofFile = false;
        for (String line : lines) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                ofFile = line.endsWith(file.toString());
            } else if (ofFile && line.startsWith("Rss:")) {
                residentKib += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return residentKib;
    }
}
