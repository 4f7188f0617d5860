package dev.culvert.app.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.app.uapi.UapiDevice;
import dev.culvert.app.uapi.UapiServer;
import dev.culvert.app.uapi.UapiSocket;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.datapath.udp.UdpSocketPair;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.UapiSet;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The UAPI socket answers once, UDP sockets are bound once. */
final class SocketRehearsal implements UapiDevice {
    private static final String NAME = "rehearsal";

    private SocketRehearsal() {}

    static Void run(Path folder) throws Exception {
        UapiSocket socket = UapiSocket.publish(folder, NAME);
        try (UapiServer server = new UapiServer(socket, new SocketRehearsal(), () -> {})) {
            server.start();
            UnixDomainSocketAddress address =
                    UnixDomainSocketAddress.of(folder.resolve(NAME + ".sock"));
            try (SocketChannel client = SocketChannel.open(address)) {
                client.write(
                        ByteBuffer.wrap("set=1\nlisten_port=1\n\nget=1\n\n".getBytes(US_ASCII)));
                client.shutdownOutput();
                ByteBuffer answer = ByteBuffer.allocate(4096);
                while (client.read(answer) >= 0 && answer.hasRemaining()) {
                    // until the server has answered both and closed
                }
            }
        }
        UdpSocketPair.bind(0, 0, new UdpOffload(true, true), UdpAddresses.ANY).close();
        return null;
    }

    @Override
    public int set(UapiSet change) {
        return 0;
    }

    @Override
    public DeviceSnapshot get() {
        return new DeviceSnapshot(null, 1, 0, List.of());
    }

    @Override
    public Map<String, Long> statistics() {
        return Map.of();
    }
}
