package dev.culvert.tun.rtnetlink;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The numbers by which this network namespace knows others. A number keeps no namespace alive, as
 * an open socket or descriptor of it would.
 *
 * <pre>
 * rtgenmsg: family (1), padded to 4; attributes: 1 nsid, 3 descriptor
 * </pre>
 */
public final class NamespaceIds {
    private static final int NETNSA_NSID = 1;
    private static final int NETNSA_FD = 3;
    private static final int UNASSIGNED = -1;

    private final NetlinkSocket socket;

    NamespaceIds(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** The number of the namespace behind an open descriptor; assigned when it has none yet. */
    public int ofDescriptor(int netnsFd) throws RtnetlinkException {
        int known = get(netnsFd);
        if (known != UNASSIGNED) {
            return known;
        }
        socket.request(
                "number network namespace",
                new Message(Netlink.RTM_NEWNSID, 0)
                        .u32(0)
                        .attribute(NETNSA_FD, netnsFd)
                        .attribute(NETNSA_NSID, UNASSIGNED));
        return get(netnsFd);
    }

    private int get(int netnsFd) throws RtnetlinkException {
        Integer id =
                socket.get(
                        "ask for network namespace",
                        new Message(Netlink.RTM_GETNSID, 0).u32(0).attribute(NETNSA_FD, netnsFd),
                        NamespaceIds::decode);
        return id == null ? UNASSIGNED : id;
    }

    private static @Nullable Integer decode(ByteBuffer whole) {
        whole.position(Netlink.HEADER_BYTES + 4);
        return Attributes.parse(whole).u32(NETNSA_NSID, UNASSIGNED);
    }
}
