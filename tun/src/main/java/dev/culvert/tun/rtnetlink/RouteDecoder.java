package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.SocketConstants;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes out of messages.
 *
 * <pre>
 * rtmsg:     family (1) destination length (1) source length (1) TOS (1) table (1) protocol (1) scope (1) type (1) flags (4)
 * rtnexthop: length (2) flags (1) hops (1) link index (4) attributes
 * </pre>
 */
final class RouteDecoder {
    static final int RTMSG_BYTES = 12;
    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_PREFSRC = 7;
    static final int RTA_MULTIPATH = 9;
    static final int RTA_TABLE = 15;
    static final int RTA_VIA = 18;
    static final int RTM_F_CLONED = 0x200;

    private static final int NEXT_HOP_BYTES = 8;

    private RouteDecoder() {}

    /** Of a whole message; null for cache entries and families other than IP. */
    static @Nullable List<Route> decode(ByteBuffer whole) {
        if (whole.limit() < Netlink.HEADER_BYTES + RTMSG_BYTES) {
            return null;
        }
        int family = whole.get(Netlink.HEADER_BYTES);
        int length = Byte.toUnsignedInt(whole.get(Netlink.HEADER_BYTES + 1));
        int table = Byte.toUnsignedInt(whole.get(Netlink.HEADER_BYTES + 4));
        int type = Byte.toUnsignedInt(whole.get(Netlink.HEADER_BYTES + 7));
        int flags = whole.getInt(Netlink.HEADER_BYTES + 8);
        boolean ip = family == SocketConstants.AF_INET || family == SocketConstants.AF_INET6;
        if (!ip || (flags & RTM_F_CLONED) != 0) {
            return null;
        }
        whole.position(Netlink.HEADER_BYTES + RTMSG_BYTES);
        Attributes attributes = Attributes.parse(whole);
        InetAddress destination = attributes.address(RTA_DST);
        Route route =
                new Route(
                        destination == null
                                ? IpPrefix.any(family)
                                : new IpPrefix(destination, length),
                        RouteType.of(type),
                        attributes.u32(RTA_TABLE, table),
                        attributes.u32(RTA_OIF, 0),
                        gateway(attributes),
                        attributes.u32(RTA_PRIORITY, 0),
                        attributes.address(RTA_PREFSRC));
        ByteBuffer hops = attributes.value(RTA_MULTIPATH);
        return hops == null ? List.of(route) : nextHops(route, hops);
    }

    private static List<Route> nextHops(Route route, ByteBuffer hops) {
        List<Route> routes = new ArrayList<>();
        int at = 0;
        while (hops.limit() - at >= NEXT_HOP_BYTES) {
            int length = Short.toUnsignedInt(hops.getShort(at));
            if (length < NEXT_HOP_BYTES || length > hops.limit() - at) {
                break;
            }
            ByteBuffer hop = hops.slice(at, length).order(ByteOrder.nativeOrder());
            int index = hop.getInt(4);
            hop.position(NEXT_HOP_BYTES);
            routes.add(
                    new Route(
                            route.destination(),
                            route.type(),
                            route.table(),
                            index,
                            gateway(Attributes.parse(hop)),
                            route.metric(),
                            route.source()));
            at += Netlink.align(length);
        }
        return routes;
    }

    /** {@code RTA_VIA} is a gateway of the other family, behind its family (2). */
    private static @Nullable InetAddress gateway(Attributes attributes) {
        ByteBuffer via = attributes.value(RTA_VIA);
        return via == null ? attributes.address(RTA_GATEWAY) : Attributes.address(via, 2);
    }
}
