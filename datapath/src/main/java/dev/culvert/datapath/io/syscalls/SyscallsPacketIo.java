package dev.culvert.datapath.io.syscalls;

import dev.culvert.datapath.io.InboundDuty;
import dev.culvert.datapath.io.IoFailureListener;
import dev.culvert.datapath.io.PacketIo;
import dev.culvert.datapath.scheduling.BulkLoad;
import dev.culvert.datapath.udp.UdpSocket;
import dev.culvert.tun.sys.ThreadEnd;
import java.util.List;

/** Two threads of plain system calls, which share the outbound direction by turns. */
final class SyscallsPacketIo implements PacketIo {
    private final TunReader tun;
    private final TunTurn turn = new TunTurn();
    private final OutboundLoop outbound;
    private final InboundLoop inbound;
    private final Thread outboundThread;
    private final Thread inboundThread;

    SyscallsPacketIo(
            int shard, TunReader tun, InboundDuty duty, BulkLoad load, IoFailureListener failures) {
        this.tun = tun;
        outbound = new OutboundLoop(tun, turn, load, failures);
        inbound = new InboundLoop(duty, tun, turn, load, failures);
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
        ThreadEnd.await(outboundThread);
        ThreadEnd.await(inboundThread);
        outbound.close();
        inbound.close();
        tun.close();
        turn.close();
    }
}
