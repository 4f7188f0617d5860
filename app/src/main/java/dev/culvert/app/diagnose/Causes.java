package dev.culvert.app.diagnose;

import dev.culvert.app.status.PeerStatus;
import dev.culvert.app.status.TunnelStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** From what is seen to what is likely wrong, the most fundamental first. */
final class Causes {
    /** No build of this program ran before. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    /** A session that is in use is renewed by then (whitepaper §6.1, Reject-After-Time). */
    private static final int OLD_SECONDS = 180;

    private Causes() {}

    /** One line each. */
    static List<String> of(Observations seen) {
        List<String> causes = new ArrayList<>();
        if (seen.clock().isBefore(EARLIEST)) {
            causes.add(
                    "the clock is wrong ("
                            + seen.clock()
                            + "): a peer takes no handshake that is older than the last one");
        }
        if (seen.status().state().equals("stopped")) {
            causes.add("culvert does not run in this network namespace: start it");
            return causes;
        }
        if (seen.status().state().equals("failed")) {
            causes.add("the start failed: see \"problem\" above");
            return causes;
        }
        boolean session = false;
        for (TunnelStatus tunnel : seen.status().tunnels()) {
            for (PeerStatus peer : tunnel.peers()) {
                session |= peer.handshakeAgeSeconds() >= 0;
                withoutSession(peer, causes);
            }
        }
        if (session) {
            withSession(seen, causes);
        }
        if (causes.isEmpty()) {
            causes.add("nothing is wrong as far as can be seen from here");
        }
        return causes;
    }

    private static void withoutSession(PeerStatus peer, List<String> causes) {
        String who = peer.publicKey().substring(0, Math.min(8, peer.publicKey().length())) + "...";
        if (peer.endpoint().isEmpty()) {
            return;
        }
        if (peer.handshakeAgeSeconds() > OLD_SECONDS && !peer.connected()) {
            causes.add(
                    "no handshake with "
                            + who
                            + " for "
                            + peer.handshakeAgeSeconds()
                            + " s: "
                            + peer.endpoint()
                            + " is not reachable any more, or it forgot our key");
        } else if (peer.handshakeAgeSeconds() >= 0) {
            return;
        } else if (peer.txBytes() == 0) {
            causes.add(
                    "no handshake with "
                            + who
                            + ", and nothing was sent: there is no way to "
                            + peer.endpoint());
        } else if (peer.rxBytes() == 0) {
            causes.add(
                    "no handshake with "
                            + who
                            + ", and no answer at all: "
                            + peer.endpoint()
                            + " is not reachable by UDP, or PublicKey is not that server's, or the"
                            + " server does not know our key, or has seen a later clock of ours");
        } else {
            causes.add(
                    "no handshake with "
                            + who
                            + ", but answers: PresharedKey or PublicKey is not the one that the"
                            + " server has, or it is under load");
        }
    }

    private static void withSession(Observations seen, List<String> causes) {
        boolean nothingBack =
                seen.path().why().isEmpty()
                        && !seen.path().answers()
                        && seen.exit().progress() != ExitProbe.Progress.ANSWERED;
        if (nothingBack && seen.exit().progress() != ExitProbe.Progress.HANGS) {
            causes.add(
                    "a handshake, but nothing comes back through the tunnel: the server's"
                            + " AllowedIPs for us have to hold our Address, ours what we call, and"
                            + " the server has to forward");
        }
        boolean narrow =
                seen.path().answers() && seen.path().largestBytes() < seen.tunnelMtuBytes();
        if (narrow) {
            causes.add(
                    "packets of more than "
                            + seen.path().largestBytes()
                            + " bytes are lost: set MTU = "
                            + seen.path().largestBytes());
        } else if (seen.exit().progress() == ExitProbe.Progress.HANGS) {
            causes.add(
                    "connections open and then hang: the MTU ("
                            + seen.tunnelMtuBytes()
                            + ") is too large for the way, try MTU = 1280");
        }
        if (seen.exit().progress() == ExitProbe.Progress.NAME_UNKNOWN && !nothingBack) {
            causes.add("the tunnel works, DNS does not: set DNS to a server beyond the tunnel");
        }
    }
}
