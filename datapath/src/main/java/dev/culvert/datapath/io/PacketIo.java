package dev.culvert.datapath.io;

import dev.culvert.datapath.udp.UdpSocket;
import java.util.List;

/**
 * Waits for the packets of one shard: from its TUN queue, for the {@link OutboundDuty}, and from
 * its UDP sockets, for the {@link InboundDuty}. Each duty is only ever called by one thread at a
 * time. With bulk data the two directions run at the same time.
 *
 * <p>The TUN queue is read from {@link #start} to {@link #close}; the sockets come and go with
 * {@link #receiveFrom}. All methods here are called by the home thread, never from inside a duty.
 */
public interface PacketIo extends AutoCloseable {
    /** Starts the threads and reads the TUN queue. Called once. */
    void start();

    /**
     * Receives from these sockets and from no others; an empty list stops receiving. The engine
     * holds a {@linkplain UdpSocket#acquire reference} to each. On return, no receive is under way
     * any more on a socket that is not in the list, and its reference is given back: closing it
     * frees its port.
     */
    void receiveFrom(List<UdpSocket> sockets);

    /**
     * Stops both directions, gives back the sockets, and frees the buffers. On return no duty is
     * running and none will be called again. The TUN descriptor is left open: it is its owner's.
     */
    @Override
    void close();
}
