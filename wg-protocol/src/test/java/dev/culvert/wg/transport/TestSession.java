package dev.culvert.wg.transport;

import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.ReceivedInitiation;
import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.peer.PeerRequests;
import dev.culvert.wg.peer.StagedBudget;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * The two keypairs of one true handshake.
 *
 * @param initiator the keypair of the side that began
 * @param responder the other side's
 */
public record TestSession(Keypair initiator, Keypair responder) {
    /** Indices 0x11111111 (initiator) and 0x22222222. */
    public static TestSession create(AeadProvider provider, int workers, long nowNs) {
        return create(provider, workers, nowNs, 0x11111111, 0x22222222);
    }

    /** With these indices. */
    public static TestSession create(
            AeadProvider provider, int workers, long nowNs, int indexOfA, int indexOfB) {
        SplittableRandom random = new SplittableRandom(1);
        StaticIdentity a = identity(1);
        StaticIdentity b = identity(2);
        Handshake ofA = new Handshake(b.publicKey());
        ofA.setIdentity(a);
        Handshake ofB = new Handshake(a.publicKey());
        ofB.setIdentity(b);
        byte[] initiation = new byte[Handshake.INITIATION_BYTES];
        byte[] response = new byte[Handshake.RESPONSE_BYTES];
        ofA.createInitiation(indexOfA, new byte[12], random, initiation);
        ReceivedInitiation received =
                Objects.requireNonNull(Handshake.consumeInitiation(b, initiation));
        ofB.openTimestamp(received);
        SessionKeys keysOfB =
                Objects.requireNonNull(ofB.createResponse(received, indexOfB, random, response));
        SessionKeys keysOfA = Objects.requireNonNull(ofA.consumeResponse(response));
        return new TestSession(
                new Keypair(peer(b, nowNs), provider, keysOfA, workers, workers, nowNs),
                new Keypair(peer(a, nowNs), provider, keysOfB, workers, workers, nowNs));
    }

    private static Peer peer(StaticIdentity of, long nowNs) {
        return new Peer(
                of.publicKey(), new PeerRequests(() -> {}), new StagedBudget(1 << 20), nowNs);
    }

    private static StaticIdentity identity(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        return new StaticIdentity(key);
    }
}
