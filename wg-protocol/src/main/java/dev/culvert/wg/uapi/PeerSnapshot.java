package dev.culvert.wg.uapi;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a peer at one moment, for the answer to {@code get=1}, which has no place for
 * packets, and for reports.
 *
 * @param publicKey 32 bytes
 * @param presharedKey a copy, 32 bytes; null: none is set
 * @param endpoint null: not known yet
 * @param lastHandshakeWallNs Unix epoch; 0: never
 * @param txBytes UDP payload sent
 * @param rxBytes UDP payload received and authenticated
 * @param txPackets datagrams sent; -1: not known
 * @param rxPackets datagrams received and authenticated; -1: not known
 * @param persistentKeepaliveSeconds 0: off
 * @param allowedIps in a stable order
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Key bytes: held to be zeroed, never compared as records.
public record PeerSnapshot(
        byte[] publicKey,
        byte @Nullable [] presharedKey,
        @Nullable EndpointAddress endpoint,
        long lastHandshakeWallNs,
        long txBytes,
        long rxBytes,
        long txPackets,
        long rxPackets,
        int persistentKeepaliveSeconds,
        List<AllowedIp> allowedIps) {

    /** Zeroes the preshared key. */
    void zero() {
        if (presharedKey != null) {
            Arrays.fill(presharedKey, (byte) 0);
        }
    }

    /** Says how many allowed IPs there are, never a key. */
    @Override
    public String toString() {
        return "PeerSnapshot[" + allowedIps.size() + " allowed IPs]";
    }
}
