package dev.culvert.wg.uapi;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One {@code set=1} request, wholly validated and not yet applied.
 *
 * @param privateKey 32 bytes, as sent (not clamped); all zero clears the key; null: unchanged
 * @param listenPort 0..65535, 0 asks for a random port; empty: unchanged
 * @param fwmark unsigned 32 bit, 0 switches it off; empty: unchanged
 * @param replacePeers all peers are removed before {@code peers} is applied
 * @param peers in the order of the request; a public key may stand there more than once
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Key bytes: held to be zeroed, never compared as records.
public record UapiSet(
        byte @Nullable [] privateKey,
        OptionalInt listenPort,
        OptionalLong fwmark,
        boolean replacePeers,
        List<PeerChange> peers) {

    /** Zeroes the private key and every preshared key: call it once the request was applied. */
    public void zero() {
        if (privateKey != null) {
            Arrays.fill(privateKey, (byte) 0);
        }
        for (PeerChange peer : peers) {
            peer.zero();
        }
    }

    /** Says how much is changed, never a key. */
    @Override
    public String toString() {
        return "UapiSet[" + peers.size() + " peer changes]";
    }
}
