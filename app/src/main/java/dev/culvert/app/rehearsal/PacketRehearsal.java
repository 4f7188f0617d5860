package dev.culvert.app.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.culvert.datapath.Datapath;
import dev.culvert.datapath.DatapathListener;
import dev.culvert.datapath.DatapathSettings;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.tun.TunDevice;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.Libc;
import dev.culvert.tun.sys.SocketConstants;
import dev.culvert.tun.virtio.VirtioNetHeader;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.uapi.UapiException;
import dev.culvert.wg.uapi.UapiParser;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Moves TCP super-packets one way and acknowledgements the other through two whole data paths on
 * the loopback interface, long enough for the JVM to learn which methods are hot: it writes that
 * down as well, and the first second of a real tunnel is compiled sooner. Socket pairs stand in for
 * the TUNs.
 */
final class PacketRehearsal implements AutoCloseable, DatapathListener {
    private static final int BUFFER_BYTES = 66_000;
    private static final int ROUNDS = 6_000;
    private static final long LIMIT_NS = 6_000_000_000L;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final Side sender;
    private final Side receiver;

    /** A data path, and our end of the pair that is its TUN. */
    private static final class Side implements AutoCloseable {
        final int ourEnd;
        final byte[] privateKey = new byte[32];
        private final TunDevice tun;
        final Datapath datapath;

        Side(String io, SecureRandom random, DatapathListener listener) throws ErrnoException {
            int[] ends = new int[2];
            ErrnoException.check(
                    "socketpair",
                    Libc.socketpair(
                            SocketConstants.AF_UNIX,
                            SocketConstants.SOCK_SEQPACKET
                                    | SocketConstants.SOCK_NONBLOCK
                                    | SocketConstants.SOCK_CLOEXEC,
                            0,
                            ends));
            ourEnd = ends[0];
            tun = TunDevice.standIn(ends[1], TunDevice.DEFAULT_MTU);
            random.nextBytes(privateKey);
            datapath =
                    new Datapath(
                            tun,
                            AeadProviders.select(AeadProviders.AUTO),
                            random,
                            new DatapathSettings(io, true, new UdpOffload(true, true)),
                            listener);
            datapath.start();
        }

        void configure(byte[] peerPrivateKey, String allowedIp, int peerPort) throws UapiException {
            UapiParser parser = new UapiParser();
            try (StaticIdentity peer = new StaticIdentity(peerPrivateKey)) {
                line(parser, "private_key=" + HexFormat.of().formatHex(privateKey));
                line(parser, "public_key=" + HexFormat.of().formatHex(peer.publicKey()));
            }
            if (peerPort != 0) {
                line(parser, "endpoint=127.0.0.1:" + peerPort);
            }
            line(parser, "allowed_ip=" + allowedIp);
            datapath.set(parser.finish());
            datapath.up();
        }

        private static void line(UapiParser parser, String line) throws UapiException {
            byte[] bytes = line.getBytes(US_ASCII);
            parser.line(bytes, 0, bytes.length);
        }

        @Override
        public void close() {
            datapath.close();
            tun.close();
            Libc.close(ourEnd);
        }
    }

    private PacketRehearsal(String io) throws ErrnoException, UapiException {
        SecureRandom random = new SecureRandom();
        sender = new Side(io, random, this);
        receiver = new Side(io, random, this);
        receiver.configure(sender.privateKey, RehearsalPackets.SENDER + "/32", 0);
        int port = receiver.datapath.snapshot().listenPort();
        sender.configure(receiver.privateKey, RehearsalPackets.RECEIVER + "/32", port);
    }

    static Void run(String io) throws ErrnoException, UapiException, InterruptedException {
        try (PacketRehearsal rehearsal = new PacketRehearsal(io)) {
            rehearsal.movePackets();
        }
        return null;
    }

    private void movePackets() throws InterruptedException {
        long endNs = System.nanoTime() + LIMIT_NS;
        RehearsalPackets packets = new RehearsalPackets();
        int arrived = 0;
        for (int round = 0; round < ROUNDS && System.nanoTime() - endNs < 0; round++) {
            Libc.write(sender.ourEnd, buffer, 0, packets.data(buffer));
            int taken = take(receiver.ourEnd);
            for (int i = 0; i < taken; i++) {
                Libc.write(receiver.ourEnd, buffer, 0, packets.acknowledgement(buffer));
            }
            take(sender.ourEnd);
            arrived += taken;
            // A pause for the other threads: at first for the handshake, then for the packets.
            Thread.sleep(0, arrived == 0 ? 900_000 : 100_000);
        }
        if (arrived == 0) {
            throw new IllegalStateException("no packet arrived: " + receiver.datapath.statistics());
        }
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
