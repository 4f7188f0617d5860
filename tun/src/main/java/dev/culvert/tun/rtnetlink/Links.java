package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.SocketConstants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Network interfaces: list, look up, change, delete. */
public final class Links {
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    private static final int IFLA_AF_SPEC = 26;
    private static final short IFLA_INET_CONF = 1;
    private static final short IPV4_DEVCONF_FORWARDING = 1;

    private final NetlinkSocket socket;

    Links(NetlinkSocket socket) {
        this.socket = socket;
    }

    public List<Link> list() throws RtnetlinkException {
        return socket.dump("list links", () -> request(Netlink.RTM_GETLINK, 0, 0, 0), Link::decode);
    }

    /** Null when there is none of that name. */
    public @Nullable Link get(String name) throws RtnetlinkException {
        return orNull(
                "get link " + name,
                request(Netlink.RTM_GETLINK, 0, 0, 0).attribute(Link.IFLA_IFNAME, name));
    }

    /** Null when there is none of that index. */
    public @Nullable Link get(int index) throws RtnetlinkException {
        return orNull("get link " + index, request(Netlink.RTM_GETLINK, index, 0, 0));
    }

    /** The same in another network namespace, which {@link NamespaceIds} numbers. */
    public @Nullable Link getIn(int namespaceId, String name) throws RtnetlinkException {
        return orNull(
                "get link " + name + " in namespace " + namespaceId,
                request(Netlink.RTM_GETLINK, 0, 0, 0)
                        .attribute(Link.IFLA_IFNAME, name)
                        .attribute(Link.IFLA_TARGET_NETNSID, namespaceId));
    }

    public void setUp(int index, boolean up) throws RtnetlinkException {
        socket.request(
                "set link " + index + (up ? " up" : " down"),
                request(Netlink.RTM_NEWLINK, index, up ? Link.IFF_UP : 0, Link.IFF_UP));
    }

    public void setMtu(int index, int mtu) throws RtnetlinkException {
        socket.request(
                "set MTU of link " + index + " to " + mtu,
                request(Netlink.RTM_NEWLINK, index, 0, 0).attribute(Link.IFLA_MTU, mtu));
    }

    /** Bounds the super-packets that the kernel hands the link (since Linux 5.18). */
    public void setGsoMaxSize(int index, int sizeBytes) throws RtnetlinkException {
        socket.request(
                "set gso_max_size of link " + index + " to " + sizeBytes,
                request(Netlink.RTM_NEWLINK, index, 0, 0)
                        .attribute(Link.IFLA_GSO_MAX_SIZE, sizeBytes));
    }

    /**
     * Whether IPv4 packets for others that come in by the link are forwarded: {@code
     * net.ipv4.conf.<link>.forwarding}, where /proc/sys is read-only as well.
     */
    public void setIpv4Forwarding(int index, boolean on) throws RtnetlinkException {
        ByteBuffer forwarding = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        forwarding.putShort((short) 8).putShort(IPV4_DEVCONF_FORWARDING).putInt(on ? 1 : 0);
        byte[] conf = nested(IFLA_INET_CONF, forwarding.array());
        socket.request(
                "set IPv4 forwarding of link " + index,
                request(Netlink.RTM_NEWLINK, index, 0, 0)
                        .attribute(IFLA_AF_SPEC, nested((short) SocketConstants.AF_INET, conf)));
    }

    private static byte[] nested(short type, byte[] attributes) {
        int length = Netlink.ATTRIBUTE_HEADER_BYTES + attributes.length;
        return ByteBuffer.allocate(length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) length)
                .putShort(type)
                .put(attributes)
                .array();
    }

    public void delete(int index) throws RtnetlinkException {
        socket.request("delete link " + index, request(Netlink.RTM_DELLINK, index, 0, 0));
    }

    private @Nullable Link orNull(String operation, Message message) throws RtnetlinkException {
        try {
            return socket.get(
                    operation,
                    message.attribute(Link.IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS),
                    Link::decode);
        } catch (RtnetlinkException refused) {
            if (refused.errno() == Errno.ENODEV) {
                return null;
            }
            throw refused;
        }
    }

    private static Message request(int type, int index, int flags, int change) {
        return new Message(type, 0).u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }
}
