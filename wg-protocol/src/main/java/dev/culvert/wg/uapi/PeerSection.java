package dev.culvert.wg.uapi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The lines of one peer, gathered until the next {@code public_key} or the end of the request. */
final class PeerSection {
    private final byte[] publicKey;
    private boolean remove;
    private boolean updateOnly;
    private byte @Nullable [] presharedKey;
    private @Nullable EndpointAddress endpoint;
    private OptionalInt persistentKeepaliveSeconds = OptionalInt.empty();
    private boolean replaceAllowedIps;
    private final List<AllowedIpChange> allowedIps = new ArrayList<>();

    PeerSection(byte[] publicKey) {
        this.publicKey = publicKey;
    }

    /** False: the key is unknown or the value is not of its form. */
    boolean set(String key, FieldValue value) {
        return switch (key) {
            case "allowed_ip" -> {
                AllowedIpChange change = value.allowedIp();
                if (change == null) {
                    yield false;
                }
                allowedIps.add(change);
                yield true;
            }
            case "remove" -> {
                remove = true;
                yield value.isTrue();
            }
            case "update_only" -> {
                updateOnly = true;
                yield value.isTrue();
            }
            case "replace_allowed_ips" -> {
                replaceAllowedIps = true;
                allowedIps.clear();
                yield value.isTrue();
            }
            case "preshared_key" -> setPresharedKey(value.key());
            case "endpoint" -> {
                endpoint = value.endpoint();
                yield endpoint != null;
            }
            case "persistent_keepalive_interval" -> {
                long seconds = value.decimal(0xffff);
                persistentKeepaliveSeconds = OptionalInt.of((int) seconds);
                yield seconds >= 0;
            }
            case "protocol_version" -> value.decimal(1) == 1;
            default -> false;
        };
    }

    PeerChange toChange() {
        return new PeerChange(
                publicKey,
                remove,
                updateOnly,
                presharedKey,
                endpoint,
                persistentKeepaliveSeconds,
                replaceAllowedIps,
                List.copyOf(allowedIps));
    }

    private boolean setPresharedKey(byte @Nullable [] key) {
        if (key == null) {
            return false;
        }
        if (presharedKey != null) {
            Arrays.fill(presharedKey, (byte) 0);
        }
        presharedKey = key;
        return true;
    }
}
