package dev.culvert.app.warmup;

import java.io.FileInputStream;
import java.io.IOException;

/** How long ago this process was started: with the JVM's own start, and the launcher's. */
final class ProcessAge {
    private static final int MOST_BYTES = 1024;

    /** The kernel prints both times in hundredths of a second, whatever its own clock tick is. */
    private static final int MS_PER_TICK = 10;

    /** Of {@code /proc/PID/stat}, counted from the one after the name, which may hold blanks. */
    private static final int START_TIME = 20;

    private final byte[] text = new byte[MOST_BYTES];
    private int at;

    private ProcessAge() {}

    /** To 10 ms. */
    static long readMs() throws IOException {
        return new ProcessAge().ms();
    }

    private long ms() throws IOException {
        at = read("/proc/self/stat");
        while (text[at] != ')') {
            at--;
        }
        for (int field = 0; field < START_TIME; field++) {
            at++;
            while (text[at] != ' ') {
                at++;
            }
        }
        at++;
        long startTicks = number();
        read("/proc/uptime");
        at = 0;
        long nowSeconds = number();
        at++;
        long nowTicks = nowSeconds * 100 + number();
        return (nowTicks - startTicks) * MS_PER_TICK;
    }

    /** The index of the last byte. */
    private int read(String path) throws IOException {
        try (FileInputStream file = new FileInputStream(path)) {
            int length = file.read(text);
            if (length <= 0) {
                throw new IOException(path + " is empty");
            }
            return length - 1;
        }
    }

    private long number() {
        long value = 0;
        while (text[at] >= '0' && text[at] <= '9') {
            value = value * 10 + text[at] - '0';
            at++;
        }
        return value;
    }
}
