package dev.culvert.bench.endtoend;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Says on standard error how far it is: one line that is written over, or a line per step. */
final class Progress {
    private final PrintStream out;
    private final boolean terminal = standardErrorIsTerminal();
    private final int steps;
    private final long startNs = System.nanoTime();
    private int done;

    Progress(PrintStream out, int steps) {
        this.out = out;
        this.steps = steps;
    }

    private static boolean standardErrorIsTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException unknown) {
            return false;
        }
    }

    /** The next step begins. */
    void step(String what) {
        int percent = 100 * done / steps;
        long elapsedSeconds = (System.nanoTime() - startNs) / 1_000_000_000;
        String left = done == 0 ? "" : ", " + minutes(elapsedSeconds * (steps - done) / done);
        String line = String.format(Locale.ROOT, "%3d %%%s: %s", percent, left, what);
        if (terminal) {
            out.printf("\r%-78s", line);
        } else {
            out.println(line);
        }
        out.flush();
        done++;
    }

    /** Something that the reader should know, above the progress. */
    void note(String text) {
        out.println((terminal ? "\r" : "") + text);
    }

    void end() {
        if (terminal) {
            out.printf("\r%-78s\r", "");
        }
    }

    private static String minutes(long seconds) {
        return String.format(Locale.ROOT, "%d:%02d left", seconds / 60, seconds % 60);
    }
}
