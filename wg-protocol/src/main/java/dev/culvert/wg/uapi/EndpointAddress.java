package dev.culvert.wg.uapi;

/**
 * A numeric endpoint, {@code 192.0.2.1:51820} or {@code [fe80::1%eth0]:51820}.
 *
 * @param address 4 or 16 bytes in network order
 * @param port 0..65535
 * @param scope IPv6 zone as written, an interface name or a number; empty: none
 */
@SuppressWarnings("ArrayRecordComponent") // Converted to a socket address at once.
public record EndpointAddress(byte[] address, int port, String scope) {}
