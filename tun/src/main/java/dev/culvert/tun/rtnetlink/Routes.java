package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.SocketConstants;
import java.net.InetAddress;
import java.util.List;

/** Routes of all tables. */
public final class Routes {
    private static final int RTPROT_STATIC = 4;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RT_SCOPE_HOST = 254;

    /** In a deletion: any scope. */
    private static final int RT_SCOPE_NOWHERE = 255;

    private final NetlinkSocket socket;

    Routes(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Of both families and all tables. */
    public List<Route> list() throws RtnetlinkException {
        List<List<Route>> routes =
                socket.dump(
                        "list routes",
                        () ->
                                header(
                                        Netlink.RTM_GETROUTE,
                                        0,
                                        SocketConstants.AF_UNSPEC,
                                        0,
                                        0,
                                        0,
                                        0),
                        RouteDecoder::decode);
        return routes.stream().flatMap(List::stream).toList();
    }

    public List<Route> list(int table) throws RtnetlinkException {
        return list().stream().filter(route -> route.table() == table).toList();
    }

    /** {@code EEXIST} when one of that destination, table and metric is there. */
    public void add(Route route) throws RtnetlinkException {
        change("add route ", Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL, route);
    }

    /**
     * In place of one of the same destination, table and metric, in one step. For IPv6 the kernel
     * sets a route with a link and one without (unreachable) side by side instead.
     */
    public void replace(Route route) throws RtnetlinkException {
        change("replace route ", Netlink.NLM_F_CREATE | Netlink.NLM_F_REPLACE, route);
    }

    /** {@code ESRCH} when it is not there. */
    public void delete(Route route) throws RtnetlinkException {
        Message message =
                header(
                        Netlink.RTM_DELROUTE,
                        0,
                        route.destination().family(),
                        route.destination().length(),
                        0,
                        RT_SCOPE_NOWHERE,
                        route.type().code());
        socket.request("delete route " + route.destination(), attributes(message, route));
    }

    private void change(String operation, int flags, Route route) throws RtnetlinkException {
        Message message =
                header(
                        Netlink.RTM_NEWROUTE,
                        flags,
                        route.destination().family(),
                        route.destination().length(),
                        RTPROT_STATIC,
                        scope(route),
                        route.type().code());
        socket.request(operation + route.destination(), attributes(message, route));
    }

    private static int scope(Route route) {
        return switch (route.type()) {
            case LOCAL -> RT_SCOPE_HOST;
            case UNICAST -> route.gateway() == null ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
            case BROADCAST, MULTICAST, ANYCAST -> RT_SCOPE_LINK;
            case BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> RT_SCOPE_UNIVERSE;
        };
    }

    private static Message attributes(Message message, Route route) {
        message.attribute(RouteDecoder.RTA_TABLE, route.table());
        if (route.destination().length() > 0) {
            message.attribute(RouteDecoder.RTA_DST, route.destination().address());
        }
        if (route.linkIndex() != 0) {
            message.attribute(RouteDecoder.RTA_OIF, route.linkIndex());
        }
        InetAddress gateway = route.gateway();
        if (gateway != null) {
            message.attribute(RouteDecoder.RTA_GATEWAY, gateway);
        }
        if (route.metric() != 0) {
            message.attribute(RouteDecoder.RTA_PRIORITY, route.metric());
        }
        InetAddress source = route.source();
        if (source != null) {
            message.attribute(RouteDecoder.RTA_PREFSRC, source);
        }
        return message;
    }

    /** The table goes into an attribute: it may exceed the byte that the header has for it. */
    private static Message header(
            int type, int flags, int family, int length, int protocol, int scope, int routeType) {
        return new Message(type, flags)
                .u8(family)
                .u8(length)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(protocol)
                .u8(scope)
                .u8(routeType)
                .u32(0);
    }
}
