package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.udp.BurstSender;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.cookie.CookieGenerator;
import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.tai64n.Tai64n;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handshake messages of strangers, more than can be worked off. */
@Tag("netns")
@Timeout(60)
final class FloodTest {
    private static final int MESSAGES = 20_000;
    private static final int BURST = 64;

    private final TunnelPair pair = TunnelPair.open(1420, DatapathSettings.defaults());

    FloodTest() throws Exception {}

    @AfterEach
    void close() {
        pair.close();
    }

    /** Sends the message again and again from right's namespace to left's port. */
    private void flood(byte[] message) throws Exception {
        int port = pair.left.port();
        pair.rightSpace.callInside(() -> {
            byte[] burst = new byte[BURST * message.length];
            for (int i = 0; i < BURST; i++) {
                System.arraycopy(message, 0, burst, i * message.length, message.length);
            }
            try (BurstSender sender =
                    new BurstSender(new byte[] {10, 80, 0, 1}, port, burst, message.length)) {
                for (int sent = 0; sent < MESSAGES; sent += BURST) {
                    assertEquals(0, sender.send());
                }
            }
            return 0;
        });
    }

    /** An initiation of somebody unknown who knows left's public key. */
    private byte[] initiation(boolean validMac) {
        SecureRandom random = new SecureRandom();
        byte[] message = new byte[Handshake.INITIATION_BYTES];
        byte[] key = new byte[32];
        random.nextBytes(key);
        byte[] stamp = new byte[12];
        Tai64n.stamp(Libc.clockRealtimeNs(), stamp);
        try (StaticIdentity stranger = new StaticIdentity(key)) {
            Handshake handshake = new Handshake(pair.left.publicKey());
            handshake.setIdentity(stranger);
            assertTrue(handshake.createInitiation(7, stamp, random, message));
        }
        if (validMac) {
            new CookieGenerator(pair.left.publicKey())
                    .addMacs(message, message.length, Libc.clockBoottimeNs());
        }
        return message;
    }

    /** The flood is sent faster than left works it off. */
    private void awaitDrop(DropReason reason) {
        NetworkNamespace.await(
                Duration.ofSeconds(10),
                () -> pair.left.datapath.statistics().dropped(reason) > 0,
                () -> pair.left.datapath.statistics().toString());
    }

    @Test
    void aFloodWithoutValidMacDoesNotHoldUpTheTunnel() throws Exception {
        pair.leftSpace.run("ping", "-c1", "-W5", "10.81.0.2");
        try (RunningProcess pings =
                pair.leftSpace.start("ping", "-c20", "-i0.05", "-W3", "10.81.0.2")) {
            flood(initiation(false));
            Execution ended = pings.await(Duration.ofSeconds(30));
            assertEquals(0, ended.exitCode(), ended::output);
        }
        awaitDrop(DropReason.BAD_MAC1);
        pair.leftSpace.run("ping", "-c3", "-i0.05", "-W5", "10.81.0.2");
    }

    @Test
    void aFloodWithValidMacIsAskedForCookiesAndNewHandshakesStillGetThrough() throws Exception {
        flood(initiation(true));
        awaitDrop(DropReason.COOKIE_DEMANDED);
        // The first handshake of the pair comes while left still is under load.
        pair.rightSpace.run("ping", "-c2", "-i0.1", "-W20", "10.81.0.1");
        DatapathStatistics left = pair.left.datapath.statistics();
        long refused =
                left.dropped(DropReason.COOKIE_DEMANDED)
                        + left.dropped(DropReason.HANDSHAKE_QUEUE_FULL);
        assertTrue(refused > MESSAGES * 9L / 10, left::toString);
        assertTrue(pair.left.failures.isEmpty());
    }
}
