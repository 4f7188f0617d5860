package dev.culvert.tun.rtnetlink;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route. A listed multipath route is one of these for each next hop.
 *
 * @param linkIndex output link, 0: none
 * @param metric lower wins; 0: the kernel's default (IPv4 0, IPv6 1024)
 * @param source preferred source address of packets that we send
 */
public record Route(
        IpPrefix destination,
        RouteType type,
        int table,
        int linkIndex,
        @Nullable InetAddress gateway,
        int metric,
        @Nullable InetAddress source) {
    public static final int TABLE_DEFAULT = 253;
    public static final int TABLE_MAIN = 254;
    public static final int TABLE_LOCAL = 255;

    /** A route of the main table, out of a link. */
    public static Route overLink(IpPrefix destination, int linkIndex) {
        return new Route(destination, RouteType.UNICAST, TABLE_MAIN, linkIndex, null, 0, null);
    }

    /** A route of the main table to a gateway, on the link that reaches it. */
    public static Route overGateway(IpPrefix destination, InetAddress gateway) {
        return new Route(destination, RouteType.UNICAST, TABLE_MAIN, 0, gateway, 0, null);
    }

    /** A route of the main table that answers with "unreachable". */
    public static Route unreachable(IpPrefix destination) {
        return new Route(destination, RouteType.UNREACHABLE, TABLE_MAIN, 0, null, 0, null);
    }

    public Route inTable(int number) {
        return new Route(destination, type, number, linkIndex, gateway, metric, source);
    }

    public Route onLink(int index) {
        return new Route(destination, type, table, index, gateway, metric, source);
    }

    public Route withMetric(int value) {
        return new Route(destination, type, table, linkIndex, gateway, value, source);
    }

    public Route withSource(InetAddress address) {
        return new Route(destination, type, table, linkIndex, gateway, metric, address);
    }
}
