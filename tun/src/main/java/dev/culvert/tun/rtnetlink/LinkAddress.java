package dev.culvert.tun.rtnetlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A local address of a link, with its prefix. */
public record LinkAddress(int linkIndex, IpPrefix prefix) {
    static final int IFADDR_BYTES = 8;
    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;

    /**
     * Of a whole message.
     *
     * <pre>
     * ifaddrmsg: family (1) prefix length (1) flags (1) scope (1) link index (4)
     * </pre>
     */
    static @Nullable LinkAddress decode(ByteBuffer whole) {
        if (whole.limit() < Netlink.HEADER_BYTES + IFADDR_BYTES) {
            return null;
        }
        int length = Byte.toUnsignedInt(whole.get(Netlink.HEADER_BYTES + 1));
        int index = whole.getInt(Netlink.HEADER_BYTES + 4);
        whole.position(Netlink.HEADER_BYTES + IFADDR_BYTES);
        Attributes attributes = Attributes.parse(whole);
        // With a peer (point to point) IFA_ADDRESS is the peer's; IPv6 without one has no
        // IFA_LOCAL.
        InetAddress local = attributes.address(IFA_LOCAL);
        InetAddress address = local == null ? attributes.address(IFA_ADDRESS) : local;
        return address == null ? null : new LinkAddress(index, new IpPrefix(address, length));
    }
}
