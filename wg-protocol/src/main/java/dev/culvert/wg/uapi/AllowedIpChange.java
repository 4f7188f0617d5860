package dev.culvert.wg.uapi;

/**
 * One {@code allowed_ip} line.
 *
 * @param address 4 or 16 bytes in network order, host bits zero
 * @param prefixLength 0..32 or 0..128 bits
 * @param remove the line was {@code allowed_ip=-CIDR}: removed, if this peer owns it
 */
@SuppressWarnings("ArrayRecordComponent") // A request's line, never compared as a record.
public record AllowedIpChange(byte[] address, int prefixLength, boolean remove) {}
