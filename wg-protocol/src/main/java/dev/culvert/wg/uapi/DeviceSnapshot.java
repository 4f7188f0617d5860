package dev.culvert.wg.uapi;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a device at one moment, for the answer to {@code get=1}.
 *
 * @param privateKey a copy, 32 bytes; null: none is set
 * @param listenPort 0: not bound yet
 * @param fwmark unsigned 32 bit; 0: off
 * @param peers in a stable order
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Key bytes: held to be zeroed, never compared as records.
public record DeviceSnapshot(
        byte @Nullable [] privateKey, int listenPort, long fwmark, List<PeerSnapshot> peers) {

    /** Zeroes the private key and every preshared key: call it once the answer was written. */
    public void zero() {
        if (privateKey != null) {
            Arrays.fill(privateKey, (byte) 0);
        }
        for (PeerSnapshot peer : peers) {
            peer.zero();
        }
    }

    /** Says how many peers there are, never a key. */
    @Override
    public String toString() {
        return "DeviceSnapshot[" + peers.size() + " peers]";
    }
}
