package dev.culvert.wg.uapi;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code public_key} section of a {@code set=1} request asks for.
 *
 * @param publicKey 32 bytes
 * @param remove the peer is removed and nothing else of this record counts
 * @param updateOnly the record counts only if the peer exists already
 * @param presharedKey 32 bytes, all zero clears it; null: unchanged
 * @param endpoint null: unchanged
 * @param persistentKeepaliveSeconds 0..65535, 0 switches it off; empty: unchanged
 * @param replaceAllowedIps the peer's allowed IPs are removed before {@code allowedIps} is applied
 * @param allowedIps in the order of the request
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Key bytes: held to be zeroed, never compared as records.
public record PeerChange(
        byte[] publicKey,
        boolean remove,
        boolean updateOnly,
        byte @Nullable [] presharedKey,
        @Nullable EndpointAddress endpoint,
        OptionalInt persistentKeepaliveSeconds,
        boolean replaceAllowedIps,
        List<AllowedIpChange> allowedIps) {

    /** Zeroes the preshared key. */
    void zero() {
        if (presharedKey != null) {
            Arrays.fill(presharedKey, (byte) 0);
        }
    }

    /** Says how much is changed, never a key. */
    @Override
    public String toString() {
        return "PeerChange[" + allowedIps.size() + " allowed IP changes]";
    }
}
