package dev.culvert.app.routing;

import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The links of the namespace that lead out of it. */
public final class Uplinks {
    private static final String LOOPBACK = "lo";

    private Uplinks() {}

    /**
     * All links but loopback and the tunnels.
     *
     * @param tunnelIndexes of links
     */
    public static List<Uplink> list(Rtnetlink rtnetlink, Set<Integer> tunnelIndexes)
            throws RtnetlinkException {
        List<Route> routes = rtnetlink.routes().list(Route.TABLE_MAIN);
        List<dev.culvert.tun.rtnetlink.LinkAddress> addresses = rtnetlink.addresses().list();
        List<Uplink> uplinks = new ArrayList<>();
        for (Link link : rtnetlink.links().list()) {
            if (link.name().equals(LOOPBACK) || tunnelIndexes.contains(link.index())) {
                continue;
            }
            uplinks.add(
                    new Uplink(
                            link.name(),
                            link.index(),
                            addresses.stream()
                                    .filter(address -> address.linkIndex() == link.index())
                                    .map(address -> address.prefix())
                                    .map(own -> new LinkAddress(own.address(), own.length()))
                                    .toList(),
                            gateways(routes, link.index())));
        }
        return uplinks;
    }

    /** All links but loopback and those of a kind: {@code "tun"} for whoever has no tunnel. */
    public static List<Uplink> beside(Rtnetlink rtnetlink, String kind) throws RtnetlinkException {
        Set<Integer> others = new HashSet<>();
        for (Link link : rtnetlink.links().list()) {
            if (link.kind().equals(kind)) {
                others.add(link.index());
            }
        }
        return list(rtnetlink, others);
    }

    /** Those of default routes first. */
    private static List<InetAddress> gateways(List<Route> routes, int linkIndex) {
        List<InetAddress> gateways = new ArrayList<>();
        routes.stream()
                .filter(route -> route.linkIndex() == linkIndex)
                .sorted((a, b) ->
                        Integer.compare(a.destination().length(), b.destination().length()))
                .forEach(route -> {
                    InetAddress gateway = route.gateway();
                    if (gateway != null) {
                        gateways.add(gateway);
                    }
                });
        return gateways;
    }
}
