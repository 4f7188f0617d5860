package dev.culvert.datapath.udp;

import dev.culvert.tun.sys.Cmsg;
import dev.culvert.tun.sys.SocketConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Endpoints as if a packet had come to an address that this host does not have. */
final class UdpEndpointSources {
    private UdpEndpointSources() {}

    static UdpEndpoint withSource(UdpEndpoint to, boolean ipv6) {
        MemorySegment name = Arena.ofAuto().allocate(ReceivedMessage.NAME_CAPACITY_BYTES, 8);
        MemorySegment control = Arena.ofAuto().allocate(64, 8);
        int nameLength = to.encode(name, 0);
        int dataLength = ipv6 ? 20 : 12;
        long data =
                Cmsg.put(
                        control,
                        0,
                        ipv6 ? SocketConstants.SOL_IPV6 : SocketConstants.SOL_IP,
                        ipv6 ? SocketConstants.IPV6_PKTINFO : SocketConstants.IP_PKTINFO,
                        dataLength);
        byte[] foreign =
                ipv6
                        ? new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}
                        : new byte[] {(byte) 192, 0, 2, 9};
        MemorySegment.copy(
                foreign, 0, control, ValueLayout.JAVA_BYTE, data + (ipv6 ? 0 : 4), foreign.length);
        ReceivedMessage meta = new ReceivedMessage();
        meta.wrap(name, 0, nameLength, control, 0, (int) Cmsg.space(dataLength), false);
        ControlMessages parsed = new ControlMessages();
        parsed.parse(meta);
        return UdpEndpoint.of(meta, parsed);
    }
}
