package dev.culvert.app.uapi;

import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SocketConstants;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.UapiErrno;
import dev.culvert.wg.uapi.UapiException;
import dev.culvert.wg.uapi.UapiParser;
import dev.culvert.wg.uapi.UapiSet;
import dev.culvert.wg.uapi.UapiWriter;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: operations one after another, each answered when its empty line came. A refused set
 * is read to its end first, so that client and server agree where the next operation starts.
 */
final class UapiConnection {
    private static final Logger log = LoggerFactory.getLogger(UapiConnection.class);

    private final int fd;
    private final UapiDevice device;
    private volatile long lastActiveNs = System.nanoTime();
    private volatile boolean shutDown;

    UapiConnection(int fd, UapiDevice device) {
        this.fd = fd;
        this.device = device;
    }

    /** Serves until the client leaves, is too slow, or is shut down. */
    void run() {
        try (UapiStream stream = new UapiStream(fd)) {
            while (stream.awaitRequest()) {
                if (stream.readLine() == 0) {
                    continue; // an empty line between operations
                }
                lastActiveNs = System.nanoTime();
                if (stream.lineIs("set=1")) {
                    set(stream);
                } else if (stream.lineIs("get=1")) {
                    get(stream);
                } else {
                    boolean get = stream.lineStartsWith("get");
                    stream.skipRequest();
                    refuse(stream.output(), get, UapiErrno.EINVAL, "unknown operation");
                }
                lastActiveNs = System.nanoTime();
            }
        } catch (IOException ended) {
            log.debug("UAPI connection closed: {}", ended.getMessage());
        }
    }

    private void set(UapiStream stream) throws IOException {
        UapiParser parser = new UapiParser();
        try {
            while (stream.readLine() > 0) {
                stream.parseLine(parser);
            }
        } catch (UapiException refused) {
            parser.discard();
            stream.skipRequest();
            refuse(stream.output(), false, refused.errno(), String.valueOf(refused.getMessage()));
            return;
        } catch (IOException ended) {
            parser.discard(); // half a request changes nothing
            throw ended;
        }
        UapiSet change = parser.finish();
        int errno;
        try {
            errno = device.set(change);
        } finally {
            change.zero();
        }
        UapiWriter.writeErrno(-errno, stream.output());
    }

    private void get(UapiStream stream) throws IOException {
        if (stream.readLine() > 0) {
            stream.skipRequest();
            refuse(stream.output(), true, UapiErrno.EINVAL, "a get has no further lines");
            return;
        }
        DeviceSnapshot snapshot = device.get();
        try {
            UapiWriter.writeDevice(snapshot, device.statistics(), stream.output());
        } finally {
            snapshot.zero();
        }
    }

    /** {@code wg} reads a negative errno after a set, and digits only after a get. */
    private static void refuse(OutputStream out, boolean get, int errno, String why)
            throws IOException {
        log.debug("UAPI request refused: {}", why);
        UapiWriter.writeErrno(get ? errno : -errno, out);
    }

    long lastActiveNs() {
        return lastActiveNs;
    }

    boolean isShutDown() {
        return shutDown;
    }

    /** Any thread: wakes the connection's thread out of its system call. */
    void shutDown() {
        shutDown = true;
        Libc.shutdown(fd, SocketConstants.SHUT_RDWR);
    }

    void close() {
        Libc.close(fd);
    }
}
