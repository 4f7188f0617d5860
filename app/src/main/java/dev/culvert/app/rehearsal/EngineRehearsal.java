package dev.culvert.app.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.datapath.udp.UdpEndpoint;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.device.Action;
import dev.culvert.wg.device.Device;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.uapi.UapiException;
import dev.culvert.wg.uapi.UapiParser;
import dev.culvert.wg.uapi.UapiSet;
import dev.culvert.wg.uapi.UapiWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/** Two devices shake hands in memory. */
final class EngineRehearsal {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final long NOW_NS = 1_000_000_000L;
    private static final long WALL_NS = 1_700_000_000_000_000_000L;

    private final Device left;
    private final Device right;
    private final UdpEndpoint endpoint = Objects.requireNonNull(UdpEndpoint.of(LOOPBACK, 9, ""));

    private EngineRehearsal(AeadProvider aead, SecureRandom random) throws UapiException {
        left = new Device(aead, random, UdpEndpoint::of, () -> {}, 1);
        right = new Device(aead, random, UdpEndpoint::of, () -> {}, 1);
        byte[] leftKey = new byte[32];
        byte[] rightKey = new byte[32];
        random.nextBytes(leftKey);
        random.nextBytes(rightKey);
        configure(left, leftKey, rightKey);
        configure(right, rightKey, leftKey);
    }

    static Void run() throws UapiException, IOException {
        EngineRehearsal rehearsal =
                new EngineRehearsal(AeadProviders.select("auto"), new SecureRandom());
        rehearsal.left.up(NOW_NS, WALL_NS); // the persistent keepalive starts a handshake
        rehearsal.right.up(NOW_NS, WALL_NS);
        for (int round = 0; round < 3; round++) {
            deliver(rehearsal.left, rehearsal.right, rehearsal.endpoint);
            deliver(rehearsal.right, rehearsal.left, rehearsal.endpoint);
        }
        UapiWriter.writeDevice(rehearsal.left.snapshot(0, 0), OutputStream.nullOutputStream());
        rehearsal.left.close();
        rehearsal.right.close();
        return null;
    }

    private static void deliver(Device from, Device to, UdpEndpoint endpoint) {
        for (Action action = from.pollAction(); action != null; action = from.pollAction()) {
            if (action instanceof Action.SendMessage send) {
                byte[] message = send.message();
                to.handleHandshake(NOW_NS, WALL_NS, message, message.length, endpoint, false);
            }
        }
    }

    private static void configure(Device device, byte[] privateKey, byte[] peerPrivateKey)
            throws UapiException {
        try (StaticIdentity peer = new StaticIdentity(peerPrivateKey)) {
            HexFormat hex = HexFormat.of();
            UapiParser parser = new UapiParser();
            for (String line :
                    new String[] {
                        "private_key=" + hex.formatHex(privateKey),
                        "public_key=" + hex.formatHex(peer.publicKey()),
                        "endpoint=127.0.0.1:9",
                        "persistent_keepalive_interval=25",
                        "allowed_ip=0.0.0.0/0",
                        "allowed_ip=::/0"
                    }) {
                byte[] bytes = line.getBytes(US_ASCII);
                parser.line(bytes, 0, bytes.length);
            }
            UapiSet set = parser.finish();
            device.apply(set, NOW_NS, WALL_NS);
        }
    }
}
