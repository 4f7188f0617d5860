package dev.culvert.datapath.io;

import dev.culvert.datapath.udp.UdpSocket;

/**
 * Told of failures that an engine cannot get over by trying again. Called by the thread of the
 * direction that failed, at most once per direction and socket; must not block.
 */
public interface IoFailureListener {
    /**
     * The TUN queue cannot be read any more: the device was deleted (EBADFD), or the descriptor is
     * no TUN. The outbound direction has ended.
     *
     * @param errno positive errno
     */
    void onTunFailure(int errno);

    /**
     * Nothing more can be received from this socket. The other sockets go on.
     *
     * @param errno positive errno
     */
    void onUdpFailure(UdpSocket socket, int errno);

    /** The direction has ended because of a bug, such as an {@link Error} that a duty threw. */
    void onCrash(Throwable bug);
}
