package dev.culvert.datapath.io.syscalls;

import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.udp.UdpSocket;
import java.util.List;

/** Two threads of plain system calls, one per direction. */
final class SyscallsPacketIo implements PacketIo {
    private final TunReadLoop outbound;
    private final UdpReceiveLoop inbound;
    private final Thread outboundThread;
    private final Thread inboundThread;

    SyscallsPacketIo(int shard, TunReadLoop outbound, UdpReceiveLoop inbound) {
        this.outbound = outbound;
        this.inbound = inbound;
        outboundThread = Thread.ofPlatform().daemon().name("outbound-" + shard).unstarted(outbound);
        inboundThread = Thread.ofPlatform().daemon().name("inbound-" + shard).unstarted(inbound);
    }

    @Override
    public void start() {
        outboundThread.start();
        inboundThread.start();
    }

    @Override
    public void receiveFrom(List<UdpSocket> sockets) {
        inbound.receiveFrom(sockets);
    }

    @Override
    public void close() {
        outbound.stop();
        inbound.stop();
        join(outboundThread);
        join(inboundThread);
        outbound.close();
        inbound.close();
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
