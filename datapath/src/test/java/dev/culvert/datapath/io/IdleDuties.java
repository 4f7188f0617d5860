package dev.culvert.datapath.io;

import dev.culvert.datapath.udp.ReceivedMessage;
import dev.culvert.datapath.udp.UdpSocket;
import java.lang.foreign.MemorySegment;

/** For the direction that a test does not look at. */
public final class IdleDuties {
    /** Takes no notice of what is read. */
    public static final OutboundDuty NO_READS =
            new OutboundDuty() {
                @Override
                public void onTunRead(MemorySegment buf, long offset, int length) {}

                @Override
                public void onBatchEnd() {}
            };

    /** Takes no notice of what is received. */
    public static final InboundDuty NO_DATAGRAMS =
            new InboundDuty() {
                @Override
                public void onReceive(
                        UdpSocket socket,
                        MemorySegment buf,
                        long offset,
                        int length,
                        ReceivedMessage meta) {}

                @Override
                public void onBatchEnd() {}
            };

    private IdleDuties() {}
}
