package dev.culvert.tun;

import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the device is now, under which name, and in what state: the descriptor stays valid when the
 * link is renamed or moved into another network namespace.
 */
final class TunLocation {
    /** Of a link in the namespace of the thread that asks. */
    static final int HOME = -1;

    /**
     * @param namespaceId {@link #HOME}, or the number of the namespace as seen from home
     */
    record Sight(Link link, int namespaceId) {
        boolean home() {
            return namespaceId == HOME;
        }
    }

    private TunLocation() {}

    /**
     * Null while the device is on its way from one place to another. {@code EBADFD}: it was
     * deleted.
     *
     * @param rtnetlink opened in the network namespace of the calling thread
     */
    static @Nullable Sight look(int fd, Rtnetlink rtnetlink) throws ErrnoException {
        TunIoctl.Interface[] device = new TunIoctl.Interface[1];
        ErrnoException.check("TUNGETIFF", TunIoctl.getInterface(fd, device));
        String name = device[0].name();
        int namespace = TunIoctl.openNamespace(fd);
        if (namespace == -Errno.EINVAL || namespace == -Errno.EPERM) {
            // Older kernels do not tell, others tell only who has CAP_NET_ADMIN.
            return at(rtnetlink.links().get(name), HOME);
        }
        ErrnoException.check("TUNGETDEVNETNS", namespace);
        try {
            if (isOfThisThread(namespace)) {
                return at(rtnetlink.links().get(name), HOME);
            }
            // By number: an open descriptor or socket would keep the namespace alive after its
            // deletion.
            int id = rtnetlink.namespaceIds().ofDescriptor(namespace);
            return at(rtnetlink.links().getIn(id, name), id);
        } finally {
            Libc.close(namespace);
        }
    }

    private static @Nullable Sight at(@Nullable Link link, int namespaceId) {
        return link == null ? null : new Sight(link, namespaceId);
    }

    private static boolean isOfThisThread(int namespace) throws ErrnoException {
        try {
            Path theirs = Path.of("/proc/thread-self/fd/" + namespace);
            return Files.readSymbolicLink(theirs)
                    .equals(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")));
        } catch (IOException noProc) {
            throw new ErrnoException("/proc/thread-self/ns/net", Errno.ENOENT);
        }
    }
}
