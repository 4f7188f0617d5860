package dev.culvert.app.connection;

import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.status.PeerStatus;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.wg.uapi.PeerSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which peers of a tunnel answer. */
final class PeerWatches {
    private final Map<PublicKey, PeerWatch> watches = new HashMap<>();

    /**
     * What a look at all peers has shown.
     *
     * @param answers one of them does
     * @param doubtful one of them is to prove it by a handshake
     * @param silent time to try them elsewhere; their watch starts over
     */
    record Look(boolean answers, boolean doubtful, List<PublicKey> silent) {}

    /**
     * Takes a look.
     *
     * @param replaceable another tunnel is ready to be the way
     */
    Look look(List<PeerSnapshot> peers, boolean replaceable, long nowNs) {
        boolean answers = false;
        boolean doubtful = false;
        List<PublicKey> silent = new ArrayList<>();
        for (PeerSnapshot peer : peers) {
            PublicKey key = PublicKey.of(peer.publicKey());
            PeerWatch watch = watches.computeIfAbsent(key, unknown -> new PeerWatch());
            watch.look(peer, replaceable, nowNs);
            answers |= watch.isConnected(nowNs);
            doubtful |= watch.wantsProof(nowNs);
            if (watch.isUnanswered(nowNs)) {
                silent.add(key);
                watch.startOver();
            }
        }
        return new Look(answers, doubtful, silent);
    }

    boolean isConnected(PublicKey peer, long nowNs) {
        PeerWatch watch = watches.get(peer);
        return watch != null && watch.isConnected(nowNs);
    }

    /** For how long the peer of a network has answered; -1: it does not. */
    long answersNs(TunnelConfig config, IpPrefix network, long nowNs) {
        for (PeerConfig peer : config.peers()) {
            PeerWatch watch = watches.get(peer.publicKey());
            if (watch != null
                    && watch.isConnected(nowNs)
                    && peer.allowedIps().stream().anyMatch(allowed -> holds(allowed, network))) {
                return watch.connectedForNs(nowNs);
            }
        }
        return -1;
    }

    private static boolean holds(IpPrefix allowed, IpPrefix network) {
        return allowed.family() == network.family()
                && allowed.length() <= network.length()
                && new Subnet(allowed.address(), allowed.length()).contains(network.address());
    }

    /** Those that are not in the configuration are no more. */
    void keepOnly(TunnelConfig config) {
        Set<PublicKey> staying = new HashSet<>();
        for (PeerConfig peer : config.peers()) {
            staying.add(peer.publicKey());
        }
        watches.keySet().retainAll(staying);
    }

    /** What a status report says of them. */
    List<PeerStatus> report(List<PeerSnapshot> peers) {
        return peers.stream()
                .map(peer -> PeerReports.of(peer, watches.get(PublicKey.of(peer.publicKey()))))
                .toList();
    }
}
