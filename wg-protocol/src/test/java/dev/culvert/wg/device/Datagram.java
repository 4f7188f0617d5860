package dev.culvert.wg.device;

/**
 * A datagram that a node handed to the link.
 *
 * @param atNs when
 * @param type of the message
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Datagram(
        VirtualNode sender,
        long atNs,
        int type,
        TestEndpoint from,
        TestEndpoint to,
        byte[] bytes) {}
