package dev.culvert.wg.peer;

/**
 * Where a peer was last heard, and by which of our addresses: immutable, made by the datapath (with
 * the socket addresses ready to send) and only compared and handed back by the engine.
 */
public interface Endpoint {
    /** IP address in network order, 4 or 16 bytes; a copy. */
    byte[] address();

    /** UDP port, 0..65535. */
    int port();

    /** IPv6 zone, an interface name or a number; empty: none. */
    String scope();

    /** Whether a packet would go to the same address, port and zone; the source does not count. */
    boolean sameDestination(Endpoint other);

    /** This endpoint with the sticky source address forgotten; itself when it has none. */
    Endpoint withoutSource();
}
