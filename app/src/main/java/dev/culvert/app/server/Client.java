package dev.culvert.app.server;

import dev.culvert.app.config.ClientName;
import dev.culvert.app.config.IpText;
import dev.culvert.app.config.PublicKey;
import dev.culvert.app.config.Secret;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of the server.
 *
 * @param privateKey null: it keeps it to itself
 * @param presharedKey null: none
 * @param addresses one of each family that it has
 * @param added by {@code culvert client add}, and so independent of {@code PEERS}
 */
record Client(
        ClientName name,
        PublicKey publicKey,
        @Nullable Secret privateKey,
        @Nullable Secret presharedKey,
        List<InetAddress> addresses,
        boolean added)
        implements AutoCloseable {

    /** Zeroes the secrets. */
    @Override
    public void close() {
        if (privateKey != null) {
            privateKey.close();
        }
        if (presharedKey != null) {
            presharedKey.close();
        }
    }

    /** {@code 10.13.13.2, fd00:13::2}. */
    String addressText() {
        return String.join(", ", addresses.stream().map(IpText::shortest).toList());
    }
}
