package dev.culvert.tun.rtnetlink;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A policy rule: packets that match look their route up in a table.
 *
 * @param family {@code AF_INET} or {@code AF_INET6}
 * @param priority lower is asked first; 0 in a new one: the kernel chooses, just above the lowest
 *     that is there
 * @param invert everything that does not match
 * @param fwmark with {@code fwmask}, what the packet's mark must be; mask 0: any
 * @param table 0 for a rule that is not a lookup
 * @param suppressPrefixLength found routes with so short a prefix, or a shorter one, do not count;
 *     -1: all count
 * @param source null: any
 * @param destination null: any
 * @param inputLink name, empty: any
 * @param outputLink name, empty: any
 * @param lookup false: blackhole, unreachable and the like, which this project only lists
 */
public record Rule(
        int family,
        int priority,
        boolean invert,
        int fwmark,
        int fwmask,
        int table,
        int suppressPrefixLength,
        @Nullable IpPrefix source,
        @Nullable IpPrefix destination,
        String inputLink,
        String outputLink,
        boolean lookup) {
    static final int HEADER_BYTES = 12;
    static final int FRA_DST = 1;
    static final int FRA_SRC = 2;
    static final int FRA_IIFNAME = 3;
    static final int FRA_PRIORITY = 6;
    static final int FRA_FWMARK = 10;
    static final int FRA_SUPPRESS_PREFIXLEN = 14;
    static final int FRA_TABLE = 15;
    static final int FRA_FWMASK = 16;
    static final int FRA_OIFNAME = 17;
    static final int FR_ACT_TO_TBL = 1;
    static final int FIB_RULE_INVERT = 2;

    /** Everything looks up in {@code table}. */
    public static Rule lookup(int family, int table) {
        return new Rule(family, 0, false, 0, 0, table, -1, null, null, "", "", true);
    }

    public Rule withPriority(int value) {
        return new Rule(
                family,
                value,
                invert,
                fwmark,
                fwmask,
                table,
                suppressPrefixLength,
                source,
                destination,
                inputLink,
                outputLink,
                lookup);
    }

    /** Only packets with this mark. */
    public Rule withFwmark(int mark) {
        return new Rule(
                family,
                priority,
                invert,
                mark,
                -1,
                table,
                suppressPrefixLength,
                source,
                destination,
                inputLink,
                outputLink,
                lookup);
    }

    /** Only packets that do not match. */
    public Rule inverted() {
        return new Rule(
                family,
                priority,
                true,
                fwmark,
                fwmask,
                table,
                suppressPrefixLength,
                source,
                destination,
                inputLink,
                outputLink,
                lookup);
    }

    /**
     * Ignoring found routes with a prefix of at most {@code length} bits: 0 is the default route.
     */
    public Rule suppressingPrefixLength(int length) {
        return new Rule(
                family,
                priority,
                invert,
                fwmark,
                fwmask,
                table,
                length,
                source,
                destination,
                inputLink,
                outputLink,
                lookup);
    }

    /**
     * Of a whole message.
     *
     * <pre>
     * fib_rule_hdr: family (1) destination length (1) source length (1) TOS (1) table (1) 0 (2) action (1) flags (4)
     * </pre>
     */
    static @Nullable Rule decode(ByteBuffer whole) {
        if (whole.limit() < Netlink.HEADER_BYTES + HEADER_BYTES) {
            return null;
        }
        int at = Netlink.HEADER_BYTES;
        whole.position(at + HEADER_BYTES);
        Attributes attributes = Attributes.parse(whole);
        int fwmark = attributes.u32(FRA_FWMARK, 0);
        return new Rule(
                whole.get(at),
                attributes.u32(FRA_PRIORITY, 0),
                (whole.getInt(at + 8) & FIB_RULE_INVERT) != 0,
                fwmark,
                attributes.u32(FRA_FWMASK, fwmark == 0 ? 0 : -1),
                attributes.u32(FRA_TABLE, Byte.toUnsignedInt(whole.get(at + 4))),
                attributes.u32(FRA_SUPPRESS_PREFIXLEN, -1),
                prefix(attributes, FRA_SRC, Byte.toUnsignedInt(whole.get(at + 2))),
                prefix(attributes, FRA_DST, Byte.toUnsignedInt(whole.get(at + 1))),
                attributes.text(FRA_IIFNAME, ""),
                attributes.text(FRA_OIFNAME, ""),
                whole.get(at + 7) == FR_ACT_TO_TBL);
    }

    private static @Nullable IpPrefix prefix(Attributes attributes, int type, int length) {
        var address = attributes.address(type);
        return address == null ? null : new IpPrefix(address, length);
    }
}
