package dev.culvert.killswitch.leaktest;

import dev.culvert.killswitch.Policies;
import dev.culvert.killswitch.policy.Exemptions;
import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A namespace with an uplink to another one, which answers ARP for every address and so attracts
 * whatever leaks. All default routes lead to the uplink: the worst case, in which the routes of the
 * tunnel are gone. A tunnel device is there, but nobody serves it.
 */
public final class UplinkLab implements AutoCloseable {
    public static final String INSIDE_V4 = "10.0.0.2";
    public static final String OUTSIDE_V4 = "10.0.0.1";
    public static final String INSIDE_V6 = "fd77::2";
    public static final String OUTSIDE_V6 = "fd77::1";
    static final String TUNNEL_V4 = "10.77.0.2";
    static final String TUNNEL_V6 = "fd10::2";

    final NetworkNamespace inside;
    final NetworkNamespace outside;
    final String uplink;
    final String farEnd;
    private final TunnelLink tunnel;

    public UplinkLab() {
        inside = NetworkNamespace.create("ks");
        outside = NetworkNamespace.create("ks");
        Veth veth =
                Veth.connect(inside, INSIDE_V4 + "/24", outside, OUTSIDE_V4 + "/24")
                        .addAddresses(INSIDE_V6 + "/64", OUTSIDE_V6 + "/64");
        uplink = veth.leftLink();
        farEnd = veth.rightLink();
        outside.sysctl("net.ipv4.conf." + farEnd + ".proxy_arp", "1");
        inside.sysctl("net.ipv4.ping_group_range", "\"0 2147483647\"");
        inside.run("ip", "route", "add", "default", "via", OUTSIDE_V4);
        inside.run("ip", "-6", "route", "add", "default", "via", OUTSIDE_V6);
        inside.run("ip", "tuntap", "add", "dev", "wg0", "mode", "tun");
        inside.addAddress("wg0", TUNNEL_V4 + "/24");
        inside.addAddress("wg0", TUNNEL_V6 + "/64");
        inside.run("ip", "link", "set", "wg0", "up");
        tunnel =
                new TunnelLink(
                        "wg0",
                        ifindex(inside, "wg0"),
                        List.of(Subnet.parseAddress(TUNNEL_V4), Subnet.parseAddress(TUNNEL_V6)));
    }

    public NetworkNamespace inside() {
        return inside;
    }

    public NetworkNamespace outside() {
        return outside;
    }

    public TunnelLink tunnel() {
        return tunnel;
    }

    /** All states over this uplink. */
    public Policies policies(Exemptions exemptions) {
        return new Policies(List.of(uplinkWithGateways()), exemptions, tunnel);
    }

    private Uplink uplinkWithGateways() {
        List<LinkAddress> addresses = new ArrayList<>();
        addresses.add(LinkAddress.parse(INSIDE_V4 + "/24"));
        addresses.add(LinkAddress.parse(INSIDE_V6 + "/64"));
        addresses.add(LinkAddress.parse(linkLocal() + "/64"));
        return new Uplink(
                uplink,
                ifindex(inside, uplink),
                addresses,
                List.of(Subnet.parseAddress(OUTSIDE_V4), Subnet.parseAddress(OUTSIDE_V6)));
    }

    private String linkLocal() {
        String line =
                inside.run("ip", "-6", "-o", "address", "show", "dev", uplink, "scope", "link");
        return line.replaceAll("(?s).*inet6 (fe80[^/]*)/.*", "$1");
    }

    ProbeLink probeLink() {
        return new ProbeLink(
                uplink,
                ifindex(inside, uplink),
                mac(inside, uplink),
                Subnet.parseAddress(INSIDE_V4),
                Subnet.parseAddress(INSIDE_V6));
    }

    Capture capture() throws Exception {
        return Capture.open(
                outside,
                ifindex(outside, farEnd),
                HexFormat.ofDelimiter(":").parseHex(mac(outside, farEnd)));
    }

    private static int ifindex(NetworkNamespace namespace, String link) {
        return Integer.parseInt(
                namespace.run("cat", "/sys/class/net/" + link + "/ifindex").strip());
    }

    private static String mac(NetworkNamespace namespace, String link) {
        return namespace.run("cat", "/sys/class/net/" + link + "/address").strip();
    }

    @Override
    public void close() {
        inside.close();
        outside.close();
    }
}
