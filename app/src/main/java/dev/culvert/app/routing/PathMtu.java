package dev.culvert.app.routing;

import dev.culvert.tun.TunDevice;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.net.InetAddress;
import java.util.Collection;

/** How large an inner packet may be for its encrypted form to fit the way to the endpoint. */
public final class PathMtu {
    /** IPv6 40, UDP 8, WireGuard 32. */
    private static final int OVERHEAD_BYTES = 80;

    private static final int MIN_MTU = 1280;

    private PathMtu() {}

    /** The smallest over all endpoints; without any the default. */
    public static int of(Rtnetlink rtnetlink, Collection<InetAddress> endpoints)
            throws RtnetlinkException {
        int smallest = Integer.MAX_VALUE;
        for (InetAddress endpoint : endpoints) {
            Route best = null;
            for (Route route : rtnetlink.routes().list(Route.TABLE_MAIN)) {
                if (covers(route.destination(), endpoint)
                        && (best == null
                                || route.destination().length() > best.destination().length())) {
                    best = route;
                }
            }
            Link link = best == null ? null : rtnetlink.links().get(best.linkIndex());
            if (link != null) {
                smallest = Math.min(smallest, link.mtu());
            }
        }
        return smallest == Integer.MAX_VALUE
                ? TunDevice.DEFAULT_MTU
                : Math.max(MIN_MTU, smallest - OVERHEAD_BYTES);
    }

    private static boolean covers(IpPrefix prefix, InetAddress address) {
        byte[] network = prefix.address().getAddress();
        byte[] bytes = address.getAddress();
        if (network.length != bytes.length) {
            return false;
        }
        for (int bit = 0; bit < prefix.length(); bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((network[bit >> 3] ^ bytes[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
