package dev.culvert.tun.rtnetlink;

import java.util.List;

/** Local addresses of links. */
public final class Addresses {
    private static final int IFA_F_NODAD = 2;

    private final NetlinkSocket socket;

    Addresses(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Of all links and both families. */
    public List<LinkAddress> list() throws RtnetlinkException {
        return socket.dump(
                "list addresses",
                () -> new Message(Netlink.RTM_GETADDR, 0).u8(0).u8(0).u8(0).u8(0).u32(0),
                LinkAddress::decode);
    }

    /**
     * {@code EEXIST} when it is there. IPv6 addresses are used at once, without duplicate address
     * detection.
     */
    public void add(LinkAddress address) throws RtnetlinkException {
        socket.request(
                "add address " + address.prefix(),
                request(
                        Netlink.RTM_NEWADDR,
                        Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL,
                        IFA_F_NODAD,
                        address));
    }

    /** {@code EADDRNOTAVAIL} when it is not there. */
    public void delete(LinkAddress address) throws RtnetlinkException {
        socket.request(
                "delete address " + address.prefix(), request(Netlink.RTM_DELADDR, 0, 0, address));
    }

    private static Message request(int type, int messageFlags, int flags, LinkAddress address) {
        IpPrefix prefix = address.prefix();
        return new Message(type, messageFlags)
                .u8(prefix.family())
                .u8(prefix.length())
                .u8(flags)
                .u8(0)
                .u32(address.linkIndex())
                .attribute(LinkAddress.IFA_LOCAL, prefix.address())
                .attribute(LinkAddress.IFA_ADDRESS, prefix.address());
    }
}
