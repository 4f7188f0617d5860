package dev.culvert.app.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MappedPagesTest {
    /** Of the file-backed pages of this process, in KiB. */
    private static long fileKib() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssFile:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    /** Code that is running, classes that are in use: all of it comes back when it is needed. */
    @Test
    void letsGoOfPagesOfFilesAndTheProcessRunsOn() throws Exception {
        byte[] before = new byte[1 << 20];
        Arrays.fill(before, (byte) 7);
        long fileKib = fileKib();

        long releasedKib = MappedPages.release();
        long leftKib = fileKib();

        assertTrue(releasedKib > 1024, releasedKib + " KiB");
        assertTrue(leftKib < fileKib - releasedKib / 4, fileKib + " -> " + leftKib + " KiB");
        System.gc();
        for (byte b : before) {
            assertEquals(7, b);
        }
        assertTrue(MappedPages.release() >= 0, "again");
    }
}
