package dev.culvert.app.connection;

import dev.culvert.app.config.IpText;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.status.PeerStatus;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.uapi.EndpointAddress;
import dev.culvert.wg.uapi.PeerSnapshot;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A peer's part of a report. */
final class PeerReports {
    private PeerReports() {}

    /**
     * @param watch null: it has not been looked at yet
     */
    static PeerStatus of(PeerSnapshot peer, @Nullable PeerWatch watch) {
        long handshakeNs = peer.lastHandshakeWallNs();
        return new PeerStatus(
                PublicKey.of(peer.publicKey()).base64(),
                endpoint(peer.endpoint()),
                watch != null && watch.isConnected(System.nanoTime()),
                handshakeNs == 0
                        ? -1
                        : Math.max(0, Libc.clockRealtimeNs() - handshakeNs) / 1_000_000_000L,
                watch == null ? 0 : watch.handshakes(),
                peer.rxBytes(),
                peer.txBytes(),
                peer.rxPackets(),
                peer.txPackets());
    }

    /** {@code 192.0.2.1:51820}; empty: there is none. */
    static String endpoint(@Nullable EndpointAddress endpoint) {
        if (endpoint == null) {
            return "";
        }
        try {
            String address = IpText.shortest(InetAddress.getByAddress(endpoint.address()));
            return (endpoint.address().length == 4 ? address : "[" + address + "]")
                    + ":"
                    + endpoint.port();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
