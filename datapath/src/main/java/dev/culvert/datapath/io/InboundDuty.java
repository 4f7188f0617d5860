package dev.culvert.datapath.io;

import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpSocket;
import java.lang.foreign.MemorySegment;

/** What a shard does with datagrams. Called by the inbound thread of the shard. */
public interface InboundDuty {
    /**
     * One receive: a datagram or, with UDP_GRO, a run of equal datagrams (the last may be shorter)
     * from one source, as the control messages of {@code meta} tell. The bytes are the duty's to
     * scribble on (packets are opened in place) and <b>stay valid and unmoved until {@link
     * #onBatchEnd} returns</b>, because the packets that are coalesced point into them. {@code
     * meta} is valid for this call only.
     *
     * @param buf native memory
     * @param offset of the first datagram
     * @param length all datagrams of this receive together; may be 0
     */
    void onReceive(
            UdpSocket socket, MemorySegment buf, long offset, int length, ReceivedMessage meta);

    /**
     * The sockets have nothing more for now, or the engine has no more free buffers: coalesced
     * packets are written to the TUN. Afterwards the engine uses the buffers again.
     */
    void onBatchEnd();
}
