package dev.culvert.wg.uapi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one {@code set=1} request, those between {@code set=1} and the empty line. It
 * works on bytes, so that no key becomes a String, and nothing is applied before every line proved
 * valid.
 *
 * <p>A peer section starts with {@code public_key}; device keys are valid before the first one
 * only. Lines count in their order: the last {@code endpoint} wins, {@code replace_allowed_ips}
 * also drops the {@code allowed_ip} lines above it.
 */
public final class UapiParser {
    /** Peers and allowed IPs of one request: bounds the memory that a request takes. */
    public static final int MAX_ENTRIES = 1 << 18;

    private byte @Nullable [] privateKey;
    private OptionalInt listenPort = OptionalInt.empty();
    private OptionalLong fwmark = OptionalLong.empty();
    private boolean replacePeers;
    private final List<PeerChange> peers = new ArrayList<>();
    private @Nullable PeerSection section;
    private int lineNumber;
    private int entries;

    /** A parser for one request. */
    public UapiParser() {}

    /**
     * Takes one line, without its line feed. After an exception only {@link #discard()} is left.
     */
    public void line(byte[] buf, int offset, int length) throws UapiException {
        lineNumber++;
        int end = offset + length;
        int equals = offset;
        while (equals < end && buf[equals] != '=') {
            equals++;
        }
        if (equals == end) {
            throw new UapiException(UapiErrno.EPROTO, "line " + lineNumber + " is not key=value");
        }
        String key = new String(buf, offset, equals - offset, StandardCharsets.ISO_8859_1);
        FieldValue value = new FieldValue(buf, equals + 1, end);
        boolean valid;
        if (key.equals("public_key")) {
            valid = startPeer(value);
        } else if (section != null) {
            valid = section.set(key, value) && count(key.equals("allowed_ip") ? 1 : 0);
        } else {
            valid = setDevice(key, value);
        }
        if (!valid) {
            throw new UapiException(
                    UapiErrno.EINVAL,
                    "line " + lineNumber + ": " + complaint(key, section != null));
        }
    }

    /** The whole request. Its keys are the caller's to zero, with {@link UapiSet#zero()}. */
    public UapiSet finish() {
        endPeer();
        UapiSet set = new UapiSet(privateKey, listenPort, fwmark, replacePeers, List.copyOf(peers));
        privateKey = null;
        peers.clear();
        return set;
    }

    /** Zeroes what was read so far. */
    public void discard() {
        finish().zero();
    }

    private boolean setDevice(String key, FieldValue value) {
        return switch (key) {
            case "private_key" -> {
                byte[] bytes = value.key();
                if (bytes == null) {
                    yield false;
                }
                if (privateKey != null) {
                    Arrays.fill(privateKey, (byte) 0);
                }
                privateKey = bytes;
                yield true;
            }
            case "listen_port" -> {
                long port = value.decimal(0xffff);
                listenPort = OptionalInt.of((int) port);
                yield port >= 0;
            }
            case "fwmark" -> {
                long mark = value.decimal(0xffff_ffffL);
                fwmark = OptionalLong.of(mark);
                yield mark >= 0;
            }
            case "replace_peers" -> {
                replacePeers = true;
                yield value.isTrue();
            }
            default -> false;
        };
    }

    private boolean startPeer(FieldValue value) throws UapiException {
        endPeer();
        byte[] publicKey = value.key();
        if (publicKey == null) {
            return false;
        }
        section = new PeerSection(publicKey);
        return count(1);
    }

    private void endPeer() {
        if (section != null) {
            peers.add(section.toChange());
            section = null;
        }
    }

    private boolean count(int more) throws UapiException {
        entries += more;
        if (entries > MAX_ENTRIES) {
            throw new UapiException(
                    UapiErrno.E2BIG, "more than " + MAX_ENTRIES + " peers and allowed IPs");
        }
        return true;
    }

    private static String complaint(String key, boolean inPeer) {
        return switch (key) {
            case "private_key", "public_key", "preshared_key" -> key + " is not 64 hex digits";
            case "listen_port" -> inPeer ? deviceOnly(key) : key + " is not a number of 0..65535";
            case "fwmark" -> inPeer ? deviceOnly(key) : key + " is not a number of 32 bits";
            case "replace_peers" -> inPeer ? deviceOnly(key) : key + " is not \"true\"";
            case "remove", "update_only", "replace_allowed_ips" ->
                    peerOnly(key, "\"true\"", inPeer);
            case "endpoint" -> peerOnly(key, "ADDRESS:PORT or [ADDRESS]:PORT", inPeer);
            case "persistent_keepalive_interval" -> peerOnly(key, "a number of 0..65535", inPeer);
            case "allowed_ip" -> peerOnly(key, "ADDRESS/LENGTH", inPeer);
            case "protocol_version" -> peerOnly(key, "1", inPeer);
            default -> "unknown key";
        };
    }

    private static String deviceOnly(String key) {
        return key + " belongs before the first public_key";
    }

    private static String peerOnly(String key, String form, boolean inPeer) {
        return inPeer ? key + " is not " + form : key + " belongs after a public_key";
    }
}
