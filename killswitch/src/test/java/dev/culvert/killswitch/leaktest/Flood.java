package dev.culvert.killswitch.leaktest;

import com.sun.jna.LastErrorException;
import dev.culvert.killswitch.Policies;
import dev.culvert.tun.netns.NetworkNamespace;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * As many attempts as a thread can make, over sockets that stay open: a datagram socket bound to
 * the uplink and a packet socket, of both IP versions; and now and then an encrypted packet.
 */
final class Flood {
    private static final int ATTEMPTS_PER_ENCRYPTED = 64;

    private final ProbeLink link;
    private final Thread thread;
    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong encrypted = new AtomicLong();
    private volatile boolean done;

    private Flood(ProbeLink link, NetworkNamespace inside) {
        this.link = link;
        this.thread =
                new Thread(
                        () -> {
                            try {
                                inside.enter();
                            } catch (Exception failed) {
                                throw new IllegalStateException(failed);
                            }
                            run();
                        },
                        "flood");
    }

    static Flood start(UplinkLab lab) {
        Flood flood = new Flood(lab.probeLink(), lab.inside);
        flood.thread.start();
        return flood;
    }

    private void run() {
        Map<IpVersion, Integer> bound = new EnumMap<>(IpVersion.class);
        for (IpVersion version : IpVersion.values()) {
            bound.put(version, bound(version));
        }
        int packet = ProbeSockets.socket(ProbeSockets.AF_PACKET, ProbeSockets.SOCK_RAW, 0);
        while (!done) {
            for (int i = 0; i < ATTEMPTS_PER_ENCRYPTED; i++) {
                bound.forEach((version, fd) -> attempt(fd, packet, version));
            }
            byte[] initiation = MarkedSocket.wireguard(1, 148);
            if (MarkedSocket.send(Policies.MARK, Policies.ENDPOINT_V4, initiation)) {
                encrypted.incrementAndGet();
            }
        }
        bound.values().forEach(ProbeSockets::close);
        ProbeSockets.close(packet);
    }

    private int bound(IpVersion version) {
        int family = version == IpVersion.V4 ? ProbeSockets.AF_INET : ProbeSockets.AF_INET6;
        int fd = ProbeSockets.socket(family, ProbeSockets.SOCK_DGRAM, 0);
        byte[] name = (link.name() + "\0").getBytes(StandardCharsets.UTF_8);
        ProbeSockets.setsockopt(
                fd, ProbeSockets.SOL_SOCKET, ProbeSockets.SO_BINDTODEVICE, name, name.length);
        return fd;
    }

    private void attempt(int bound, int packet, IpVersion version) {
        InetAddress destination = version.destination(1);
        Vector vector = new Vector(version, SocketKind.PACKET, Protocol.UDP);
        byte[] whole = ProbePacket.packet(vector, link.source(version), destination);
        byte[] frame = ProbePacket.frame(vector, link.macBytes(), whole);
        send(bound, ProbePacket.payload(vector), ProbeSockets.socketAddress(destination, 4433));
        send(
                packet,
                frame,
                ProbeSockets.linkAddress(link.ifindex(), ProbePacket.etherType(version)));
        attempts.addAndGet(2);
    }

    private static void send(int fd, byte[] bytes, byte[] address) {
        try {
            ProbeSockets.sendto(fd, bytes, bytes.length, 0, address, address.length);
        } catch (LastErrorException heldBack) {
            // as it should be
        }
    }

    long attempts() {
        return attempts.get();
    }

    /** Encrypted packets that the kernel has taken. */
    long encrypted() {
        return encrypted.get();
    }

    /** Returns when the last one was made. */
    void stop() throws InterruptedException {
        done = true;
        thread.join();
    }
}
