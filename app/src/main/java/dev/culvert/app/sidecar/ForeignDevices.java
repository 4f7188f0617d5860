package dev.culvert.app.sidecar;

import dev.culvert.app.connection.PeerReports;
import dev.culvert.app.status.PeerStatus;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.app.uapi.UapiClient;
import dev.culvert.app.uapi.UapiSocket;
import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Devices of this network namespace that no sidecar looks after: {@code wg} configures them, as
 * those of {@code culvert wg0}, and they are known by their UAPI sockets.
 */
final class ForeignDevices {
    private ForeignDevices() {}

    /**
     * Those that answer. One folder of sockets may serve many namespaces: what has no link here
     * belongs elsewhere.
     *
     * @param problems why one does not answer is added
     */
    static List<TunnelStatus> of(Rtnetlink rtnetlink, List<String> problems) {
        List<TunnelStatus> devices = new ArrayList<>();
        try {
            Map<String, Path> sockets = UapiClient.sockets(UapiSocket.DIRECTORY);
            for (Link link : rtnetlink.links().list()) {
                Path socket = sockets.get(link.name());
                if (socket != null) {
                    ask(link.name(), socket, devices, problems);
                }
            }
        } catch (IOException refused) {
            problems.add(String.valueOf(refused.getMessage()));
        }
        return devices;
    }

    private static void ask(
            String link, Path socket, List<TunnelStatus> devices, List<String> problems) {
        try {
            List<PeerStatus> peers =
                    UapiClient.peers(socket).stream().map(PeerReports::ofForeign).toList();
            devices.add(new TunnelStatus(link, socket.toString(), peers, null, null));
        } catch (IOException refused) {
            problems.add(String.valueOf(refused.getMessage()));
        }
    }
}
