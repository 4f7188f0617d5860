package dev.culvert.tun.packet;

/**
 * The head that ICMP (RFC 792) and ICMPv6 (RFC 4443) messages share. Offsets count from its first
 * byte.
 *
 * <pre>
 *  0      1      2         4                8
 * +------+------+---------+----------------+--------------------------
 * | type | code | checksum| depends on type| what the error answers ...
 * +------+------+---------+----------------+--------------------------
 * </pre>
 */
public final class Icmp {
    public static final int PROTOCOL_V4 = 1;
    public static final int PROTOCOL_V6 = 58;
    public static final int HEADER_BYTES = 8;

    public static final int TYPE_OFFSET = 0;
    public static final int CODE_OFFSET = 1;
    public static final int CHECKSUM_OFFSET = 2;

    /** Destination unreachable, and its code "host unreachable" (RFC 792). */
    public static final int V4_UNREACHABLE = 3;

    public static final int V4_HOST_UNREACHABLE = 1;

    /** As {@link #V4_HOST_UNREACHABLE}: "communication administratively prohibited" (RFC 1812). */
    public static final int V4_ADMINISTRATIVELY_PROHIBITED = 13;

    /** Destination unreachable, and its code "address unreachable" (RFC 4443 §3.1). */
    public static final int V6_UNREACHABLE = 1;

    public static final int V6_ADDRESS_UNREACHABLE = 3;

    /** As {@link #V6_ADDRESS_UNREACHABLE}: "administratively prohibited" (RFC 4443 §3.1). */
    public static final int V6_ADMINISTRATIVELY_PROHIBITED = 1;

    private Icmp() {}
}
