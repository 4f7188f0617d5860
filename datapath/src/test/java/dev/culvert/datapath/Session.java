package dev.culvert.datapath;

import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.allowedips.AllowedIps;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.ReceivedInitiation;
import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.peer.PeerRequests;
import dev.culvert.wg.peer.StagedBudget;
import dev.culvert.wg.tai64n.Tai64n;
import dev.culvert.wg.transport.IndexTable;
import dev.culvert.wg.transport.Keypair;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Two peers that share one session, for tests of the packet path without home threads. */
public final class Session {
    /** One end: what the packet path of that side needs to know. */
    public static final class Side {
        public final AllowedIps allowedIps = new AllowedIps();
        public final IndexTable indexTable = new IndexTable();

        /** The other end, as this side sees it. */
        public final Peer peer;

        Side() {
            peer =
                    new Peer(
                            new byte[32],
                            new PeerRequests(() -> {}),
                            new StagedBudget(1 << 20),
                            Libc.clockBoottimeNs());
        }

        /** The keypair that is in use. */
        public Keypair keypair() {
            return Objects.requireNonNull(peer.current());
        }

        private void use(AeadProvider aead, SessionKeys keys) {
            Keypair keypair = new Keypair(peer, aead, keys, 2, 1, Libc.clockBoottimeNs());
            keypair.confirm();
            indexTable.publish(keypair);
            peer.setCurrent(keypair);
            keys.zero();
        }
    }

    public final Side left = new Side();
    public final Side right = new Side();

    private Session() {}

    /** Runs a handshake from left to right; AEAD "auto". */
    public static Session establish() {
        Session session = new Session();
        RandomGenerator random = new SplittableRandom(1);
        byte[] keyBytes = new byte[32];
        random.nextBytes(keyBytes);
        try (StaticIdentity left = new StaticIdentity(keyBytes)) {
            random.nextBytes(keyBytes);
            try (StaticIdentity right = new StaticIdentity(keyBytes)) {
                session.run(left, right, random);
            }
        }
        return session;
    }

    private void run(
            StaticIdentity leftIdentity, StaticIdentity rightIdentity, RandomGenerator random) {
        Handshake initiator = new Handshake(rightIdentity.publicKey());
        initiator.setIdentity(leftIdentity);
        Handshake responder = new Handshake(leftIdentity.publicKey());
        responder.setIdentity(rightIdentity);
        byte[] initiation = new byte[Handshake.INITIATION_BYTES];
        byte[] response = new byte[Handshake.RESPONSE_BYTES];
        byte[] stamp = new byte[12];
        Tai64n.stamp(Libc.clockRealtimeNs(), stamp);
        int leftIndex = left.indexTable.reserve(left.peer, random);
        if (!initiator.createInitiation(leftIndex, stamp, random, initiation)) {
            throw new AssertionError("no initiation");
        }
        ReceivedInitiation received =
                Objects.requireNonNull(Handshake.consumeInitiation(rightIdentity, initiation));
        if (!responder.openTimestamp(received)) {
            throw new AssertionError("no timestamp");
        }
        int rightIndex = right.indexTable.reserve(right.peer, random);
        SessionKeys rightKeys =
                Objects.requireNonNull(
                        responder.createResponse(received, rightIndex, random, response));
        SessionKeys leftKeys = Objects.requireNonNull(initiator.consumeResponse(response));
        AeadProvider aead = AeadProviders.select(AeadProviders.AUTO);
        left.use(aead, leftKeys);
        right.use(aead, rightKeys);
    }
}
