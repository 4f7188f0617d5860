package dev.culvert.wg.peer;

import org.jspecify.annotations.Nullable;

/** Makes endpoints from configured addresses. Called by the home thread. */
@FunctionalInterface
public interface EndpointFactory {
    /**
     * An endpoint without a source address.
     *
     * @param address 4 or 16 bytes in network order
     * @param port 0..65535
     * @param scope IPv6 zone, an interface name or a number; empty: none
     * @return null when there is no such address here (unknown zone): the whole request is refused
     */
    @Nullable Endpoint create(byte[] address, int port, String scope);
}
