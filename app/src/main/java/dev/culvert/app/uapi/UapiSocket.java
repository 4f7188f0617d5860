package dev.culvert.app.uapi;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SockAddr;
import dev.culvert.tun.sys.SocketConstants;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket and its file. The file appears only when the socket listens already (bound
 * under another name, then renamed), since {@code wg} removes one that refuses connections.
 */
public final class UapiSocket implements AutoCloseable {
    /** Where {@code wg} looks. */
    public static final Path DIRECTORY = Path.of("/var/run/wireguard");

    private static final int BACKLOG = 64;
    private static final int OWNER_ONLY = 0077;

    private final int fd;
    private final Path path;

    /** Null: an adopted socket without a file of the expected name. */
    private final @Nullable Object fileKey;

    private UapiSocket(int fd, Path path, @Nullable Object fileKey) {
        this.fd = fd;
        this.path = path;
        this.fileKey = fileKey;
    }

    /** Listens on {@code <directory>/<interfaceName>.sock}; replaces a file nobody listens on. */
    public static UapiSocket publish(Path directory, String interfaceName)
            throws UapiSocketException {
        Path path = directory.resolve(interfaceName + ".sock");
        Path unpublished =
                directory.resolve("." + interfaceName + "." + ProcessHandle.current().pid());
        int fd = -1;
        try {
            createDirectory(directory);
            refuseLive(path);
            fd = ErrnoException.check("socket", streamSocket());
            Files.deleteIfExists(unpublished);
            bindOwnerOnly(fd, unpublished);
            ErrnoException.check("listen", Libc.listen(fd, BACKLOG));
            Object fileKey = fileKey(unpublished);
            Files.move(unpublished, path, StandardCopyOption.REPLACE_EXISTING);
            return new UapiSocket(fd, path, fileKey);
        } catch (IOException cause) {
            if (fd >= 0) {
                Libc.close(fd);
            }
            throw new UapiSocketException("cannot listen on " + path + ": " + reason(cause));
        }
    }

    /** Takes over a socket that listens already, from {@code WG_UAPI_FD}. */
    public static UapiSocket adopt(int fd, Path directory, String interfaceName)
            throws UapiSocketException {
        int flags = Libc.fcntl(fd, Libc.F_GETFL, 0);
        if (flags < 0) {
            throw new UapiSocketException("WG_UAPI_FD=" + fd + ": " + Errno.name(-flags));
        }
        if (Libc.getsockopt(fd, SocketConstants.SOL_SOCKET, SocketConstants.SO_ACCEPTCONN) != 1) {
            throw new UapiSocketException("WG_UAPI_FD=" + fd + " is not a listening socket");
        }
        Libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC);
        Libc.setNonBlocking(fd, true);
        Path path = directory.resolve(interfaceName + ".sock");
        return new UapiSocket(fd, path, fileKey(path));
    }

    int fd() {
        return fd;
    }

    /** The file is gone, or another one stands in its place. */
    boolean isRemoved() {
        return fileKey != null && !fileKey.equals(fileKey(path));
    }

    /** Stops listening and removes the file, if it is still this socket's. */
    @Override
    public void close() {
        if (fileKey != null && !isRemoved()) {
            path.toFile().delete();
        }
        Libc.close(fd);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** A socket that accepts a connection is in use; one that refuses it was left behind. */
    private static void refuseLive(Path path) throws IOException, UapiSocketException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int probe = connect(path);
        if (probe >= 0) {
            Libc.close(probe);
        }
        if (probe >= 0 || probe == -Errno.EAGAIN) {
            throw new UapiSocketException(path + " is in use by another process");
        }
    }

    /** A connection that does not block, the caller's to close; negative: the errno. */
    static int connect(Path path) throws ErrnoException {
        int fd = ErrnoException.check("socket", streamSocket());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddr.UN_BYTES);
            int length = SockAddr.encodeUnix(path.toString(), address, 0);
            int result = Libc.connect(fd, address, 0, length);
            if (result < 0) {
                Libc.close(fd);
                return result;
            }
            return fd;
        }
    }

    private static void bindOwnerOnly(int fd, Path path) throws IOException {
        int umask = Libc.umask(OWNER_ONLY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SockAddr.UN_BYTES);
            int length = SockAddr.encodeUnix(path.toString(), address, 0);
            ErrnoException.check("bind " + path, Libc.bind(fd, address, 0, length));
        } finally {
            Libc.umask(umask);
        }
    }

    private static int streamSocket() {
        int type =
                SocketConstants.SOCK_STREAM
                        | SocketConstants.SOCK_NONBLOCK
                        | SocketConstants.SOCK_CLOEXEC;
        return Libc.socket(SocketConstants.AF_UNIX, type, 0);
    }

    /** Device and inode, or null. */
    private static @Nullable Object fileKey(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException file -> file.getFile() + " is not a directory";
            default -> String.valueOf(cause.getMessage());
        };
    }
}
