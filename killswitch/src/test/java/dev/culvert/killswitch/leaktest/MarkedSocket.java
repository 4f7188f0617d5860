package dev.culvert.killswitch.leaktest;

import com.sun.jna.LastErrorException;
import dev.culvert.killswitch.policy.Endpoint;
import java.util.Arrays;

/** Sends as the program itself does, with its mark; or nearly so. */
final class MarkedSocket {
    private MarkedSocket() {}

    /** The looks of a WireGuard message of this type, 1 to 4. */
    static byte[] wireguard(int type, int length) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) 0x5a);
        Arrays.fill(message, 0, 4, (byte) 0);
        message[0] = (byte) type;
        return message;
    }

    /** Whether the kernel has taken the datagram. */
    static boolean send(int mark, Endpoint to, byte[] payload) {
        int fd = socket(to, ProbeSockets.SOCK_DGRAM, mark);
        try {
            byte[] address = ProbeSockets.socketAddress(to.address(), to.port());
            ProbeSockets.sendto(fd, payload, payload.length, 0, address, address.length);
            return true;
        } catch (LastErrorException refused) {
            return false;
        } finally {
            ProbeSockets.close(fd);
        }
    }

    /** Begins to open a TCP connection; does not wait. */
    static void connect(int mark, Endpoint to) {
        int fd = socket(to, ProbeSockets.SOCK_STREAM | ProbeSockets.SOCK_NONBLOCK, mark);
        try {
            byte[] address = ProbeSockets.socketAddress(to.address(), to.port());
            ProbeSockets.connect(fd, address, address.length);
        } catch (LastErrorException underWay) {
            // seen from outside
        } finally {
            ProbeSockets.close(fd);
        }
    }

    private static int socket(Endpoint to, int type, int mark) {
        int family = to.v4() ? ProbeSockets.AF_INET : ProbeSockets.AF_INET6;
        int fd = ProbeSockets.socket(family, type | ProbeSockets.SOCK_CLOEXEC, 0);
        if (mark != 0) {
            ProbeSockets.set(fd, ProbeSockets.SOL_SOCKET, ProbeSockets.SO_MARK, mark);
        }
        return fd;
    }
}
