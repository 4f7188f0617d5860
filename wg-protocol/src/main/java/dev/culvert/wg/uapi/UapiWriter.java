package dev.culvert.wg.uapi;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes the answers: the {@code get=1} lines of a {@link DeviceSnapshot}, and {@code errno}. It
 * streams through one buffer, which is zeroed at the end since keys go through it.
 */
public final class UapiWriter {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int LONGEST_LINE_BYTES = 128;
    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private final OutputStream out;
    private final byte[] buf = new byte[BUFFER_BYTES];
    private final StringBuilder address = new StringBuilder(LONGEST_LINE_BYTES);
    private int used;

    private UapiWriter(OutputStream out) {
        this.out = out;
    }

    /** The whole answer to {@code get=1}, {@code errno=0} and the empty line included. */
    public static void writeDevice(DeviceSnapshot device, OutputStream out) throws IOException {
        writeDevice(device, Map.of(), out);
    }

    /**
     * The same with statistics of our own, each as a line {@code culvert_<name>=<value>} of the
     * device, dashes as underscores. {@code wg} passes over keys that it does not know.
     *
     * @param statistics in the order of the map; a name such as {@code drop-replayed}, at most 80
     *     bytes of ASCII
     */
    public static void writeDevice(
            DeviceSnapshot device, Map<String, Long> statistics, OutputStream out)
            throws IOException {
        UapiWriter writer = new UapiWriter(out);
        try {
            writer.device(device, statistics);
            writer.line("errno=").ascii("0\n\n");
            writer.flush();
        } finally {
            Arrays.fill(writer.buf, (byte) 0);
        }
    }

    /**
     * The end of an answer.
     *
     * @param errno as it shall stand there: {@code wg} takes a negative one after a set, and digits
     *     only after a get
     */
    public static void writeErrno(int errno, OutputStream out) throws IOException {
        UapiWriter writer = new UapiWriter(out);
        writer.line("errno=").ascii(Integer.toString(errno)).ascii("\n\n");
        writer.flush();
    }

    private void device(DeviceSnapshot device, Map<String, Long> statistics) throws IOException {
        if (device.privateKey() != null) {
            line("private_key=").hex(device.privateKey()).end();
        }
        line("listen_port=").decimal(device.listenPort()).end();
        if (device.fwmark() != 0) {
            line("fwmark=").decimal(device.fwmark()).end();
        }
        for (Map.Entry<String, Long> statistic : statistics.entrySet()) {
            line("culvert_").ascii(statistic.getKey().replace('-', '_'));
            ascii("=").decimal(statistic.getValue()).end();
        }
        for (PeerSnapshot peer : device.peers()) {
            peer(peer);
        }
    }

    private void peer(PeerSnapshot peer) throws IOException {
        line("public_key=").hex(peer.publicKey()).end();
        byte[] presharedKey = peer.presharedKey();
        line("preshared_key=").hex(presharedKey == null ? new byte[32] : presharedKey).end();
        line("protocol_version=1").end();
        EndpointAddress endpoint = peer.endpoint();
        if (endpoint != null) {
            line("endpoint=").endpoint(endpoint).end();
        }
        long handshakeNs = peer.lastHandshakeWallNs();
        line("last_handshake_time_sec=").decimal(handshakeNs / 1_000_000_000).end();
        line("last_handshake_time_nsec=").decimal(handshakeNs % 1_000_000_000).end();
        line("tx_bytes=").decimal(peer.txBytes()).end();
        line("rx_bytes=").decimal(peer.rxBytes()).end();
        line("persistent_keepalive_interval=").decimal(peer.persistentKeepaliveSeconds()).end();
        for (AllowedIp allowedIp : peer.allowedIps()) {
            line("allowed_ip=").ip(allowedIp.address());
            ascii("/").decimal(allowedIp.prefixLength()).end();
        }
    }

    /** Starts a line: behind this call it fits the buffer as a whole. */
    private UapiWriter line(String start) throws IOException {
        if (buf.length - used < LONGEST_LINE_BYTES) {
            flush();
        }
        return ascii(start);
    }

    private UapiWriter ascii(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            buf[used++] = (byte) text.charAt(i);
        }
        return this;
    }

    private UapiWriter decimal(long number) {
        return ascii(Long.toString(number));
    }

    private UapiWriter hex(byte[] bytes) {
        for (byte b : bytes) {
            buf[used++] = HEX[(b >> 4) & 0xf];
            buf[used++] = HEX[b & 0xf];
        }
        return this;
    }

    private UapiWriter ip(byte[] bytes) {
        address.setLength(0);
        AddressText.append(address, bytes);
        return ascii(address);
    }

    private UapiWriter endpoint(EndpointAddress endpoint) {
        if (endpoint.address().length == 4) {
            ip(endpoint.address());
        } else {
            ascii("[").ip(endpoint.address());
            if (!endpoint.scope().isEmpty()) {
                ascii("%").ascii(endpoint.scope());
            }
            ascii("]");
        }
        return ascii(":").decimal(endpoint.port());
    }

    private void end() {
        buf[used++] = '\n';
    }

    private void flush() throws IOException {
        out.write(buf, 0, used);
        used = 0;
    }
}
