package dev.culvert.app.warmup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.datapath.Datapath;
import dev.culvert.datapath.DatapathListener;
import dev.culvert.datapath.DatapathSettings;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.PollFd;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.uapi.UapiException;
import dev.culvert.wg.uapi.UapiParser;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;

/**
 * Moves TCP super-packets one way and acknowledgements the other through two whole data paths on
 * the loopback interface, until the JVM has learnt which methods are hot. Socket pairs stand in for
 * the TUNs.
 */
public final class PacketRun implements AutoCloseable, DatapathListener {
    private static final int BUFFER_BYTES = 66_000;

    /** Super-packets on their way at once: a socket pair takes no more. */
    private static final int BURST = 2;

    private static final int PATIENCE_MS = 2;

    private final SecureRandom random = new SecureRandom();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final MemorySegment pollFd = arena.allocate(PollFd.SIZE_BYTES, 8);
    private final Side sender;
    private final Side receiver;

    /** A data path, and what is its TUN. */
    private static final class Side implements AutoCloseable {
        final byte[] privateKey = new byte[32];
        private final StandIn tun = StandIn.open();
        final Datapath datapath;

        Side(
                DatapathSettings settings,
                AeadProvider aead,
                SecureRandom random,
                DatapathListener listener)
                throws ErrnoException {
            datapath = new Datapath(tun.tun(), aead, random, settings, listener);
            datapath.start();
        }

        /** With new keys: a session that there is is replaced. */
        void configure(byte[] peerPrivateKey, String allowedIpv4, String allowedIpv6, int peerPort)
                throws UapiException {
            UapiParser parser = new UapiParser();
            try (StaticIdentity peer = new StaticIdentity(peerPrivateKey)) {
                line(parser, "private_key=" + HexFormat.of().formatHex(privateKey));
                line(parser, "replace_peers=true");
                line(parser, "public_key=" + HexFormat.of().formatHex(peer.publicKey()));
            }
            if (peerPort != 0) {
                line(parser, "endpoint=127.0.0.1:" + peerPort);
            }
            line(parser, "allowed_ip=" + allowedIpv4 + "/32");
            line(parser, "allowed_ip=" + allowedIpv6 + "/128");
            line(parser, "allowed_ip=0.0.0.0/0");
            datapath.set(parser.finish());
        }

        private static void line(UapiParser parser, String line) throws UapiException {
            byte[] bytes = line.getBytes(US_ASCII);
            parser.line(bytes, 0, bytes.length);
        }

        @Override
        public void close() {
            datapath.close();
            tun.close();
        }
    }

    private PacketRun(DatapathSettings settings, AeadProvider aead)
            throws ErrnoException, UapiException {
        sender = new Side(settings, aead, random, this);
        receiver = new Side(settings, aead, random, this);
        receiver.datapath.up();
        sender.datapath.up();
        replaceSession();
    }

    /** Two data paths that know each other. */
    public static PacketRun open(DatapathSettings settings, AeadProvider aead)
            throws ErrnoException, UapiException {
        return new PacketRun(settings, aead);
    }

    /** Gives both new keys: compiled code must survive that. */
    void replaceSession() throws UapiException {
        random.nextBytes(sender.privateKey);
        random.nextBytes(receiver.privateKey);
        receiver.configure(sender.privateKey, FlowPackets.SENDER_V4, FlowPackets.SENDER_V6, 0);
        int port = receiver.datapath.snapshot().listenPort();
        sender.configure(
                receiver.privateKey, FlowPackets.RECEIVER_V4, FlowPackets.RECEIVER_V6, port);
    }

    /**
     * Moves small packets, each alone, and an answer to each: the threads sleep in between, as they
     * do between pings. What compiles for bulk data has hardly met that.
     *
     * @param enough asked from time to time
     * @return how many arrived
     */
    public int moveAlone(int wanted, BooleanSupplier enough) {
        FlowPackets packets = new FlowPackets(buffer);
        int arrived = 0;
        while (arrived < wanted && !enough.getAsBoolean()) {
            Libc.write(sender.tun.fd(), buffer, 0, packets.nextSmall());
            if (await(receiver) > 0) {
                arrived++;
                Libc.write(receiver.tun.fd(), buffer, 0, packets.acknowledgement());
                await(sender);
            }
        }
        return arrived;
    }

    private int await(Side side) {
        PollFd.set(pollFd, 0, 0, side.tun.fd(), PollFd.POLLIN);
        Libc.poll(pollFd, 0, 1, PATIENCE_MS);
        return take(side.tun.fd());
    }

    /**
     * Moves packets and super-packets of every kind one way, and acknowledgements the other.
     *
     * @param enough asked from time to time
     * @return how many arrived
     */
    public int movePackets(int wanted, BooleanSupplier enough) {
        FlowPackets packets = new FlowPackets(buffer);
        int arrived = 0;
        while (arrived < wanted && !enough.getAsBoolean()) {
            for (int i = 0; i < BURST; i++) {
                Libc.write(sender.tun.fd(), buffer, 0, packets.next());
            }
            int taken = await(receiver);
            for (int i = 0; i < taken; i++) {
                Libc.write(receiver.tun.fd(), buffer, 0, packets.acknowledgement());
            }
            take(sender.tun.fd());
            arrived += taken;
        }
        return arrived;
    }

    /** Reads what has arrived; how many packets or super-packets. */
    private int take(int fd) {
        int count = 0;
        while (Libc.read(fd, buffer, 0, BUFFER_BYTES) > VirtioNetHeader.BYTES) {
            count++;
        }
        return count;
    }

    @Override
    public void onTunGone(int errno) {
        // The pair is closed after the data path: this cannot happen before the end.
    }

    @Override
    public void onCrash(Throwable bug) {
        bug.printStackTrace();
    }

    @Override
    public void close() {
        sender.close();
        receiver.close();
        arena.close();
    }
}
