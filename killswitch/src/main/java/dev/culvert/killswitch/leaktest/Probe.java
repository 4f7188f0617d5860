package dev.culvert.killswitch.leaktest;

import com.sun.jna.LastErrorException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * Sends one probe, from the network namespace and with the privileges of the calling thread. Never
 * waits for an answer.
 */
public final class Probe {
    static final int UDP_PORT = ProbePacket.port(Protocol.UDP);

    private Probe() {}

    /**
     * Tries.
     *
     * @param mark what a {@link SocketKind#MARKED} socket is marked with
     */
    public static Attempt send(Vector vector, ProbeLink link, int mark, InetAddress destination) {
        int fd;
        try {
            fd = open(vector);
        } catch (LastErrorException refused) {
            return new Attempt(Attempt.Outcome.NO_SOCKET, refused.getErrorCode());
        }
        try {
            try {
                prepare(fd, vector, link, mark);
            } catch (LastErrorException refused) {
                return new Attempt(Attempt.Outcome.NO_SOCKET, refused.getErrorCode());
            }
            transmit(fd, vector, link, destination);
            return Attempt.SENT;
        } catch (LastErrorException refused) {
            return refused.getErrorCode() == ProbeSockets.EINPROGRESS
                    ? Attempt.SENT
                    : new Attempt(Attempt.Outcome.REFUSED, refused.getErrorCode());
        } finally {
            ProbeSockets.close(fd);
        }
    }

    private static int open(Vector vector) throws LastErrorException {
        boolean v4 = vector.version() == IpVersion.V4;
        int family = v4 ? ProbeSockets.AF_INET : ProbeSockets.AF_INET6;
        int flags = ProbeSockets.SOCK_NONBLOCK | ProbeSockets.SOCK_CLOEXEC;
        if (vector.socket().takesFrames()) {
            return ProbeSockets.socket(ProbeSockets.AF_PACKET, ProbeSockets.SOCK_RAW | flags, 0);
        }
        if (vector.socket() == SocketKind.RAW_IP) {
            return ProbeSockets.socket(
                    family, ProbeSockets.SOCK_RAW | flags, ProbeSockets.IPPROTO_RAW);
        }
        return switch (vector.protocol()) {
            case TCP -> ProbeSockets.socket(family, ProbeSockets.SOCK_STREAM | flags, 0);
            case UDP, DNS -> ProbeSockets.socket(family, ProbeSockets.SOCK_DGRAM | flags, 0);
            case ICMP -> echoSocket(family, flags, v4);
        };
    }

    /** For ping sockets the user must be in net.ipv4.ping_group_range, for raw ones CAP_NET_RAW. */
    private static int echoSocket(int family, int flags, boolean v4) throws LastErrorException {
        int protocol = v4 ? ProbeSockets.IPPROTO_ICMP : ProbeSockets.IPPROTO_ICMPV6;
        try {
            return ProbeSockets.socket(family, ProbeSockets.SOCK_DGRAM | flags, protocol);
        } catch (LastErrorException noPingSocket) {
            return ProbeSockets.socket(family, ProbeSockets.SOCK_RAW | flags, protocol);
        }
    }

    private static void prepare(int fd, Vector vector, ProbeLink link, int mark)
            throws LastErrorException {
        switch (vector.socket()) {
            case PLAIN, PACKET -> {}
            case BOUND, RAW_IP -> bind(fd, link);
            case MARKED -> {
                bind(fd, link);
                ProbeSockets.set(fd, ProbeSockets.SOL_SOCKET, ProbeSockets.SO_MARK, mark);
            }
            case PACKET_BYPASS ->
                    ProbeSockets.set(
                            fd, ProbeSockets.SOL_PACKET, ProbeSockets.PACKET_QDISC_BYPASS, 1);
        }
    }

    private static void bind(int fd, ProbeLink link) throws LastErrorException {
        byte[] name = (link.name() + "\0").getBytes(StandardCharsets.UTF_8);
        ProbeSockets.setsockopt(
                fd, ProbeSockets.SOL_SOCKET, ProbeSockets.SO_BINDTODEVICE, name, name.length);
    }

    private static void transmit(int fd, Vector vector, ProbeLink link, InetAddress destination)
            throws LastErrorException {
        if (vector.socket().takesFrames()) {
            byte[] packet = ProbePacket.packet(vector, link.source(vector.version()), destination);
            send(
                    fd,
                    ProbePacket.frame(vector, link.macBytes(), packet),
                    ProbeSockets.linkAddress(
                            link.ifindex(), ProbePacket.etherType(vector.version())));
            return;
        }
        if (vector.socket() == SocketKind.RAW_IP) {
            send(
                    fd,
                    ProbePacket.packet(vector, link.source(vector.version()), destination),
                    ProbeSockets.socketAddress(destination, 0));
            return;
        }
        byte[] address =
                ProbeSockets.socketAddress(destination, ProbePacket.port(vector.protocol()));
        if (vector.protocol() == Protocol.TCP) {
            ProbeSockets.connect(fd, address, address.length);
        } else {
            send(fd, ProbePacket.payload(vector), address);
        }
    }

    private static void send(int fd, byte[] bytes, byte[] address) throws LastErrorException {
        ProbeSockets.sendto(fd, bytes, bytes.length, 0, address, address.length);
    }
}
