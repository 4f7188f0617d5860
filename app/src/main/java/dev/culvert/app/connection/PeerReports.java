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
public final class PeerReports {
    private static final long NS_PER_S = 1_000_000_000L;

    private PeerReports() {}

    /**
     * @param watch null: it has not been looked at yet
     */
    static PeerStatus of(PeerSnapshot peer, @Nullable PeerWatch watch) {
        return of(
                peer,
                handshakeAgeS(peer),
                watch != null && watch.isConnected(System.nanoTime()),
                watch == null ? 0 : watch.handshakes());
    }

    /** Of a device that nobody here looks after: a session that may be used is all that shows. */
    public static PeerStatus ofForeign(PeerSnapshot peer) {
        long ageS = handshakeAgeS(peer);
        return of(peer, ageS, ageS >= 0 && ageS < Freshness.MAX_AGE_S, -1);
    }

    private static PeerStatus of(
            PeerSnapshot peer, long handshakeAgeS, boolean connected, long handshakes) {
        return new PeerStatus(
                PublicKey.of(peer.publicKey()).base64(),
                endpoint(peer.endpoint()),
                connected,
                handshakeAgeS,
                handshakes,
                peer.rxBytes(),
                peer.txBytes(),
                peer.rxPackets(),
                peer.txPackets());
    }

    /** -1: there was none. */
    private static long handshakeAgeS(PeerSnapshot peer) {
        long handshakeNs = peer.lastHandshakeWallNs();
        return handshakeNs == 0 ? -1 : Math.max(0, Libc.clockRealtimeNs() - handshakeNs) / NS_PER_S;
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
