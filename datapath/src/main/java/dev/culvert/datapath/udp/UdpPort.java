package dev.culvert.datapath.udp;

import org.jspecify.annotations.Nullable;

/**
 * Where sending threads find the sockets that are bound at the moment: the home thread puts them in
 * and takes them out, while the others go on sending.
 */
public final class UdpPort {
    private volatile @Nullable UdpSocketPair bound;

    /** No sockets yet. */
    public UdpPort() {}

    /** Replaces the sockets; null: none. Returns the ones before, to be closed. Home thread. */
    public @Nullable UdpSocketPair replace(@Nullable UdpSocketPair sockets) {
        UdpSocketPair before = bound;
        bound = sockets;
        return before;
    }

    /** The sockets that are bound, or null. */
    public @Nullable UdpSocketPair bound() {
        return bound;
    }

    /**
     * The socket for sends to an endpoint, acquired; the caller releases it. Null: there is none,
     * as the device is down or the host lacks that family.
     */
    public @Nullable UdpSocket acquireFor(UdpEndpoint endpoint) {
        UdpSocketPair pair = bound;
        UdpSocket socket = pair == null ? null : pair.socketFor(endpoint);
        return socket != null && socket.acquire() ? socket : null;
    }
}
