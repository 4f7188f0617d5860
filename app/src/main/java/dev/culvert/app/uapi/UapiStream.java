package dev.culvert.app.uapi;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.wg.uapi.UapiException;
import dev.culvert.wg.uapi.UapiParser;
import dev.culvert.wg.uapi.UapiReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines in and bytes out of a connection, through buffers of fixed size that are zeroed at the end,
 * for keys go through them. Between requests a client may stay silent; a request, and the reading
 * of its answer, has a time limit.
 */
final class UapiStream implements AutoCloseable {
    /** The longest line of the protocol has less than half of it. */
    static final int MAX_LINE_BYTES = 255;

    private static final int REQUEST_TIMEOUT_MS = 10_000;
    private static final int BUFFER_BYTES = 16 * 1024;

    private final int fd;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment transfer = arena.allocate(BUFFER_BYTES);
    private final MemorySegment polled = arena.allocate(PollFd.SIZE_BYTES);
    private final byte[] buf = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private int lineStart;
    private int lineLength;
    private long deadlineNs;

    UapiStream(int fd) {
        this.fd = fd;
        Libc.setNonBlocking(fd, true);
    }

    /** Waits for the first byte of a request, without a limit; false when the client left. */
    boolean awaitRequest() throws IOException {
        if (position == limit && !fill(-1)) {
            return false;
        }
        beginRequest();
        return true;
    }

    /** From now on the time limit counts. */
    void beginRequest() {
        deadlineNs = System.nanoTime() + REQUEST_TIMEOUT_MS * 1_000_000L;
    }

    /** The length of the next line without its line feed; the line is there until the next call. */
    int readLine() throws IOException {
        int scanned = position;
        while (true) {
            for (; scanned < limit; scanned++) {
                if (buf[scanned] == '\n') {
                    lineStart = position;
                    lineLength = scanned - position;
                    position = scanned + 1;
                    return lineLength;
                }
            }
            if (limit - position > MAX_LINE_BYTES) {
                throw new IOException("line of more than " + MAX_LINE_BYTES + " bytes");
            }
            if (position > 0) {
                System.arraycopy(buf, position, buf, 0, limit - position);
                scanned -= position;
                limit -= position;
                position = 0;
            }
            if (!fill(remainingMs())) {
                throw new EOFException("within a request");
            }
        }
    }

    /** Reads up to and with the empty line, unless the line read last was that already. */
    void skipRequest() throws IOException {
        while (lineLength > 0) {
            readLine();
        }
    }

    boolean lineIs(String text) {
        return lineLength == text.length() && lineStartsWith(text);
    }

    boolean lineStartsWith(String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        return lineLength >= wanted.length
                && Arrays.equals(
                        buf, lineStart, lineStart + wanted.length, wanted, 0, wanted.length);
    }

    void parseLine(UapiParser parser) throws UapiException {
        parser.line(buf, lineStart, lineLength);
    }

    void parseLine(UapiReader reader) throws UapiException {
        reader.line(buf, lineStart, lineLength);
    }

    /** Writes wholly or throws. */
    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; ) {
                    int part = Math.min(length - done, BUFFER_BYTES);
                    MemorySegment.copy(
                            bytes, offset + done, transfer, ValueLayout.JAVA_BYTE, 0, part);
                    send(part);
                    done += part;
                }
            }
        };
    }

    private void send(int length) throws IOException {
        for (int done = 0; done < length; ) {
            int written = Libc.write(fd, transfer, done, length - done);
            if (written >= 0) {
                done += written;
            } else if (written == -Errno.EAGAIN) {
                await(PollFd.POLLOUT, remainingMs());
            } else if (written != -Errno.EINTR) {
                throw new IOException("write: " + Errno.name(-written));
            }
        }
    }

    /** Appends to the buffer; false at the end of the stream. */
    private boolean fill(int timeoutMs) throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
        }
        while (true) {
            int read = Libc.read(fd, transfer, 0, BUFFER_BYTES - limit);
            if (read > 0) {
                MemorySegment.copy(transfer, ValueLayout.JAVA_BYTE, 0, buf, limit, read);
                limit += read;
                return true;
            }
            if (read == 0) {
                return false;
            }
            if (read == -Errno.EAGAIN) {
                await(PollFd.POLLIN, timeoutMs);
            } else if (read != -Errno.EINTR) {
                throw new IOException("read: " + Errno.name(-read));
            }
        }
    }

    private void await(int events, int timeoutMs) throws IOException {
        PollFd.set(polled, 0, 0, fd, events);
        if (Libc.poll(polled, 0, 1, timeoutMs) == 0) {
            throw new IOException("no progress for " + REQUEST_TIMEOUT_MS + " ms");
        }
    }

    private int remainingMs() {
        return (int) Math.max(0, (deadlineNs - System.nanoTime()) / 1_000_000);
    }

    @Override
    public void close() {
        Arrays.fill(buf, (byte) 0);
        transfer.fill((byte) 0);
        arena.close();
    }
}
