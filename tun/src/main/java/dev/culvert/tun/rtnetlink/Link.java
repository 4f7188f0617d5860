package dev.culvert.tun.rtnetlink;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A network interface.
 *
 * @param kind {@code "tun"}, {@code "veth"}, ...; empty for hardware and loopback
 * @param gsoMaxSizeBytes largest super-packet that the kernel hands it
 */
public record Link(int index, String name, boolean up, int mtu, String kind, int gsoMaxSizeBytes) {
    static final int IFINFO_BYTES = 16;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_EXT_MASK = 29;
    static final int IFLA_GSO_MAX_SIZE = 41;
    static final int IFLA_TARGET_NETNSID = 46;
    static final int IFLA_INFO_KIND = 1;
    static final int IFF_UP = 1;

    /**
     * Of a whole message.
     *
     * <pre>
     * ifinfomsg: family (1) pad (1) type (2) index (4) flags (4) change mask (4)
     * </pre>
     */
    static @Nullable Link decode(ByteBuffer whole) {
        if (whole.limit() < Netlink.HEADER_BYTES + IFINFO_BYTES) {
            return null;
        }
        int index = whole.getInt(Netlink.HEADER_BYTES + 4);
        int flags = whole.getInt(Netlink.HEADER_BYTES + 8);
        whole.position(Netlink.HEADER_BYTES + IFINFO_BYTES);
        Attributes attributes = Attributes.parse(whole);
        ByteBuffer info = attributes.value(IFLA_LINKINFO);
        return new Link(
                index,
                attributes.text(IFLA_IFNAME, ""),
                (flags & IFF_UP) != 0,
                attributes.u32(IFLA_MTU, 0),
                info == null ? "" : Attributes.parse(info).text(IFLA_INFO_KIND, ""),
                attributes.u32(IFLA_GSO_MAX_SIZE, 0));
    }
}
