package dev.culvert.bench.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process: CPU time and memory (proc(5)). */
final class ProcessUsage {
    /** USER_HZ is 100 on every Linux that a JDK 25 runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcessUsage() {}

    /** User and system time of all threads, in seconds. */
    static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The command's name may hold blanks, so count the fields from behind its closing
        // parenthesis.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Highest resident set size so far, in MiB. */
    static double peakResidentMib(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no VmHWM in /proc/" + pid + "/status");
    }
}
