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
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            mapped.load();
            long fileKib = residentKib(file);

            MappedPages pages = MappedPages.find();
            long releasedKib = pages.release();

            assertEquals(FILE_BYTES / 1024, fileKib);
            assertEquals(0, residentKib(file));
            assertTrue(releasedKib > fileKib, releasedKib + " KiB: its own code, too");
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
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
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
