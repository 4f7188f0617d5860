package dev.culvert.wg.uapi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of an answer to {@code get=1}, those before the empty one, as any implementation
 * writes them. Secret keys are passed over without being copied, and so are allowed IPs and keys
 * that it does not know.
 */
public final class UapiReader {
    /** No counter gets there. */
    private static final long MAX_NUMBER = Long.MAX_VALUE / 16;

    /** Peers of one answer: bounds the memory that it takes. */
    private static final int MAX_PEERS = 1 << 16;

    private static final long NS_PER_S = 1_000_000_000L;

    private final List<PeerSnapshot> peers = new ArrayList<>();
    private byte @Nullable [] publicKey;
    private @Nullable EndpointAddress endpoint;
    private long handshakeS;
    private long handshakeNs;
    private long txBytes;
    private long rxBytes;
    private long errno = -1;

    /** A reader for one answer. */
    public UapiReader() {}

    /** Takes one line, without its line feed. */
    public void line(byte[] buf, int offset, int length) throws UapiException {
        int end = offset + length;
        int equals = offset;
        while (equals < end && buf[equals] != '=') {
            equals++;
        }
        if (equals == end) {
            throw new UapiException(UapiErrno.EPROTO, "a line is not key=value");
        }
        String key = new String(buf, offset, equals - offset, StandardCharsets.ISO_8859_1);
        FieldValue value = new FieldValue(buf, equals + 1, end);
        switch (key) {
            case "public_key" -> startPeer(value);
            case "endpoint" -> endpoint = value.endpoint();
            case "last_handshake_time_sec" -> handshakeS = number(key, value);
            case "last_handshake_time_nsec" -> handshakeNs = number(key, value);
            case "tx_bytes" -> txBytes = number(key, value);
            case "rx_bytes" -> rxBytes = number(key, value);
            case "errno" -> errno = number(key, value);
            default -> {}
        }
    }

    private static long number(String key, FieldValue value) throws UapiException {
        long number = value.decimal(MAX_NUMBER);
        if (number < 0) {
            throw new UapiException(UapiErrno.EINVAL, key + " is not a number");
        }
        return number;
    }

    private void startPeer(FieldValue value) throws UapiException {
        endPeer();
        publicKey = value.key();
        if (publicKey == null || peers.size() >= MAX_PEERS) {
            throw new UapiException(UapiErrno.EINVAL, "public_key is not one, or one too many");
        }
        endpoint = null;
        handshakeS = 0;
        handshakeNs = 0;
        txBytes = 0;
        rxBytes = 0;
    }

    private void endPeer() {
        if (publicKey != null) {
            peers.add(
                    new PeerSnapshot(
                            publicKey,
                            null,
                            endpoint,
                            handshakeS * NS_PER_S + handshakeNs,
                            txBytes,
                            rxBytes,
                            -1,
                            -1,
                            0,
                            List.of()));
        }
    }

    /**
     * The peers, in the order of the answer, without keepalive intervals and allowed IPs; their
     * packets are -1, not known.
     *
     * @throws UapiException the answer is a refusal
     */
    public List<PeerSnapshot> finish() throws UapiException {
        if (errno != 0) {
            throw new UapiException(UapiErrno.EINVAL, "the answer ends with errno " + errno);
        }
        endPeer();
        return List.copyOf(peers);
    }
}
