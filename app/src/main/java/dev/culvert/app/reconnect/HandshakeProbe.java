package dev.culvert.app.reconnect;

import dev.culvert.app.config.PeerConfig;
import dev.culvert.app.config.Secret;
import dev.culvert.app.connection.Trial;
import dev.culvert.app.routing.MarkedDatagrams;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.MessageCookieReply;
import dev.culvert.wg.packet.MessageResponse;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.tai64n.Tai64n;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a peer answers to the keys of a configuration: one handshake (whitepaper §5.4.2, §5.4.3)
 * over a socket of its own, beside the tunnel that is in use. The session that it makes is thrown
 * away.
 */
final class HandshakeProbe {
    private static final int TIMEOUT_MS = 2000;
    private static final int ATTEMPTS = 2;

    private final SecureRandom random = new SecureRandom();

    /** Whether any peer does. */
    boolean answers(Trial trial) {
        byte[] privateKey = trial.config().local().privateKey().copy();
        try (StaticIdentity identity = new StaticIdentity(privateKey)) {
            for (PeerConfig peer : trial.config().peers()) {
                for (InetSocketAddress at :
                        trial.endpoints().getOrDefault(peer.publicKey(), List.of())) {
                    if (answers(identity, peer, at, trial.mark())) {
                        return true;
                    }
                }
            }
            return false;
        } finally {
            Arrays.fill(privateKey, (byte) 0);
        }
    }

    private boolean answers(
            StaticIdentity identity, PeerConfig peer, InetSocketAddress at, int mark) {
        Handshake handshake = new Handshake(peer.publicKey().bytes());
        CookieGenerator cookies = new CookieGenerator(peer.publicKey().bytes());
        presharedKey(peer, handshake);
        handshake.setIdentity(identity);
        try (MarkedDatagrams datagrams =
                MarkedDatagrams.open(at.getAddress(), at.getPort(), mark)) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                byte[] initiation = new byte[Handshake.INITIATION_BYTES];
                byte[] timestamp = new byte[Tai64n.BYTES];
                Tai64n.stamp(Libc.clockRealtimeNs(), timestamp);
                if (!handshake.createInitiation(random.nextInt(), timestamp, random, initiation)) {
                    return false;
                }
                cookies.addMacs(initiation, initiation.length, System.nanoTime());
                datagrams.send(initiation);
                Boolean answered =
                        datagrams.await(
                                TIMEOUT_MS, message -> answered(message, handshake, cookies));
                if (answered != null && answered) {
                    return true;
                }
            }
            return false;
        } catch (ErrnoException unreachable) {
            return false;
        } finally {
            handshake.setPresharedKey(new byte[Secret.BYTES]);
            handshake.setIdentity(null);
            cookies.zero();
        }
    }

    private static void presharedKey(PeerConfig peer, Handshake handshake) {
        Secret secret = peer.presharedKey();
        if (secret != null) {
            byte[] copy = secret.copy();
            handshake.setPresharedKey(copy);
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** Null: wait on. False: a busy peer wants its cookie in the next message (§5.4.7). */
    private static @Nullable Boolean answered(
            byte[] message, Handshake handshake, CookieGenerator cookies) {
        int type = MessageType.of(message, message.length);
        if (type == MessageType.COOKIE_REPLY && message.length == MessageCookieReply.LENGTH) {
            return cookies.consumeReply(message, System.nanoTime()) ? false : null;
        }
        if (type != MessageType.RESPONSE || message.length != MessageResponse.LENGTH) {
            return null;
        }
        SessionKeys keys = handshake.consumeResponse(message);
        if (keys == null) {
            return null;
        }
        keys.zero();
        return true;
    }
}
