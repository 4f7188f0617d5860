package dev.culvert.app.diagnose;

import dev.culvert.app.config.IpText;
import dev.culvert.tun.rtnetlink.Link;
import dev.culvert.tun.rtnetlink.LinkAddress;
import dev.culvert.tun.rtnetlink.Route;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.Rule;
import dev.culvert.tun.sys.ErrnoException;
import dev.culvert.tun.sys.SocketConstants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Links, routes and rules as the kernel has them, one line each. */
record KernelView(List<String> links, List<String> routes, List<String> rules, int tunnelMtuBytes) {
    /**
     * @param tunnelName empty: there is none
     */
    static KernelView read(String tunnelName) throws ErrnoException {
        try (Rtnetlink rtnetlink = Rtnetlink.open()) {
            Map<Integer, String> names = new HashMap<>();
            List<LinkAddress> addresses = rtnetlink.addresses().list();
            List<String> links = new ArrayList<>();
            int mtuBytes = 0;
            for (Link link : rtnetlink.links().list()) {
                names.put(link.index(), link.name());
                mtuBytes = link.name().equals(tunnelName) ? link.mtu() : mtuBytes;
                links.add(link(link, addresses));
            }
            return new KernelView(
                    links,
                    rtnetlink.routes().list().stream()
                            .filter(route -> route.table() != Route.TABLE_LOCAL)
                            .map(route -> route(route, names))
                            .toList(),
                    rtnetlink.rules().list().stream().map(KernelView::rule).toList(),
                    mtuBytes);
        }
    }

    private static String link(Link link, List<LinkAddress> addresses) {
        List<String> own =
                addresses.stream()
                        .filter(address -> address.linkIndex() == link.index())
                        .map(address -> IpText.shortest(address.prefix()))
                        .toList();
        return link.name()
                + (link.up() ? " up" : " down")
                + " mtu "
                + link.mtu()
                + (link.kind().isEmpty() ? "" : " " + link.kind())
                + (own.isEmpty() ? "" : " " + String.join(", ", own));
    }

    private static String route(Route route, Map<Integer, String> names) {
        StringBuilder text = new StringBuilder(IpText.shortest(route.destination()));
        if (route.gateway() != null) {
            text.append(" via ").append(IpText.shortest(route.gateway()));
        }
        if (route.linkIndex() > 0) {
            text.append(" dev ")
                    .append(names.getOrDefault(route.linkIndex(), "#" + route.linkIndex()));
        } else {
            text.append(' ').append(route.type().name().toLowerCase(java.util.Locale.ROOT));
        }
        return text.append(
                        route.table() == Route.TABLE_MAIN
                                ? ""
                                : " table " + Integer.toUnsignedString(route.table()))
                .append(
                        route.metric() == 0
                                ? ""
                                : " metric " + Integer.toUnsignedString(route.metric()))
                .toString();
    }

    private static String rule(Rule rule) {
        return (rule.family() == SocketConstants.AF_INET ? "IPv4 " : "IPv6 ")
                + Integer.toUnsignedString(rule.priority())
                + ":"
                + (rule.invert() ? " not" : "")
                + (rule.source() == null ? "" : " from " + rule.source())
                + (rule.destination() == null ? "" : " to " + rule.destination())
                + (rule.inputLink().isEmpty() ? "" : " iif " + rule.inputLink())
                + (rule.fwmark() == 0 ? "" : " fwmark 0x" + Integer.toHexString(rule.fwmark()))
                + " lookup "
                + table(rule.table());
    }

    /** As {@code ip rule} names them. */
    private static String table(int table) {
        return switch (table) {
            case Route.TABLE_LOCAL -> "local";
            case Route.TABLE_MAIN -> "main";
            case Route.TABLE_DEFAULT -> "default";
            default -> Integer.toUnsignedString(table);
        };
    }
}
