package dev.culvert.wg.uapi;

/**
 * A prefix that a peer owns, as {@code get=1} shows it.
 *
 * @param address 4 or 16 bytes in network order, host bits zero
 * @param prefixLength 0..32 or 0..128 bits
 */
@SuppressWarnings("ArrayRecordComponent") // Read once by the writer, never compared as a record.
public record AllowedIp(byte[] address, int prefixLength) {}
