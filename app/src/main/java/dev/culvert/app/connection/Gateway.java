package dev.culvert.app.connection;

import dev.culvert.app.routing.Ways;
import dev.culvert.app.rules.NatRule;
import dev.culvert.datapath.nat.NatLimits;
import dev.culvert.datapath.nat.NatRules;
import dev.culvert.datapath.nat.PortForward;
import dev.culvert.killswitch.policy.Crossing;
import dev.culvert.killswitch.policy.Forwarding;
import dev.culvert.killswitch.policy.Uplink;
import dev.culvert.tun.packet.Tcp;
import dev.culvert.tun.packet.Udp;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets others through the tunnel: the kernel forwards between the links, the tunnel's data path
 * gives what it forwards the tunnel's address. Which packets may pass at all is up to the kill
 * switch.
 */
final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    /** What the kernel makes for other links. */
    private static final int GSO_MAX_SIZE_BYTES = 65_536;

    private final List<NatRule> rules;
    private final Forwarding forwarding;
    private final Path settings;
    private final Rtnetlink rtnetlink;
    private final Ways ways;

    Gateway(SharedNamespace namespace, ConnectionSettings settings) {
        this.forwarding = settings.sidecar().exemptions().forwarding();
        this.rules = settings.natRules();
        this.settings = namespace.root().resolve("proc/sys/net");
        this.rtnetlink = namespace.rtnetlink();
        this.ways = namespace.ways();
    }

    /**
     * Translates by the addresses that the tunnel has now.
     *
     * @throws ConnectionException if a rule names a link that is not there
     */
    void translate(LiveTunnel tunnel) throws ConnectionException, RtnetlinkException {
        checkLinks();
        String tunnelName = tunnel.name();
        List<IpPrefix> masqueraded = new ArrayList<>();
        forwarding
                .sourcesOf(tunnelName)
                .forEach(source ->
                        masqueraded.add(new IpPrefix(source.network(), source.prefixLength())));
        List<PortForward> forwards =
                forwarding.targetsOf(tunnelName).stream()
                        .map(target ->
                                new PortForward(
                                        target.protocol().equals("tcp")
                                                ? Tcp.PROTOCOL
                                                : Udp.PROTOCOL,
                                        target.outsidePort(),
                                        target.address(),
                                        target.port()))
                        .toList();
        if (masqueraded.isEmpty() && forwards.isEmpty()) {
            tunnel.translate(null);
            return;
        }
        tunnel.translate(
                new NatRules(
                        first(tunnel, Inet4Address.class),
                        first(tunnel, Inet6Address.class),
                        masqueraded,
                        forwards,
                        NatLimits.DEFAULT));
    }

    /** A typing error must not open the way by another link than was meant. */
    private void checkLinks() throws ConnectionException, RtnetlinkException {
        List<String> wrong = new ArrayList<>();
        for (NatRule rule : rules) {
            if (rule instanceof NatRule.Masquerade masquerade
                    && !ways.isTunnel(masquerade.out().text())
                    && rtnetlink.links().get(masquerade.out().text()) == null) {
                wrong.add(
                        masquerade
                                .out()
                                .problem(NatRule.SOURCE, "there is no such interface")
                                .toString());
            }
        }
        if (!wrong.isEmpty()) {
            throw new ConnectionException(String.join("\n", wrong));
        }
    }

    private static <T extends InetAddress> @Nullable T first(LiveTunnel tunnel, Class<T> type) {
        return tunnel.addresses().stream()
                .map(IpPrefix::address)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    /** Switches forwarding on for these links and the tunnel's; says what it could not. */
    void forward(List<Uplink> uplinks, String tunnelName, int tunnelIndex) {
        if (forwarding.equals(Forwarding.NONE)) {
            return;
        }
        takeWholeSuperPackets(tunnelIndex);
        forwardIpv4(tunnelName, tunnelIndex);
        uplinks.forEach(uplink -> forwardIpv4(uplink.name(), uplink.ifindex()));
        boolean ipv6 = forwarding.sources().stream().anyMatch(source -> !source.v4());
        if (ipv6) {
            forwardIpv6();
        }
    }

    /** Switches forwarding on for a tunnel that may be crossed to others. */
    void cross(List<Crossing> crossings, String tunnelName, int tunnelIndex) {
        if (crossings.isEmpty()) {
            return;
        }
        takeWholeSuperPackets(tunnelIndex);
        forwardIpv4(tunnelName, tunnelIndex);
        if (crossings.stream().anyMatch(crossing -> !crossing.from().v4())) {
            forwardIpv6();
        }
    }

    /**
     * Other links make super-packets beyond the limit that suits the tunnel. The kernel would split
     * them into packets before they come in, which costs more than a second send.
     */
    private void takeWholeSuperPackets(int tunnelIndex) {
        try {
            rtnetlink.links().setGsoMaxSize(tunnelIndex, GSO_MAX_SIZE_BYTES);
        } catch (RtnetlinkException olderKernel) {
            log.debug("{}", olderKernel.getMessage()); // It has no such limit.
        }
    }

    private void forwardIpv6() {
        if (!write(settings.resolve("ipv6/conf/all/forwarding"))) {
            log.error(
                    "IPv6 clients are not forwarded: net.ipv6.conf.all.forwarding is 0 and cannot"
                            + " be written. Start the container with --sysctl"
                            + " net.ipv6.conf.all.forwarding=1");
        }
    }

    /** By rtnetlink where /proc/sys is read-only, as it is in containers. */
    private void forwardIpv4(String linkName, int linkIndex) {
        if (write(settings.resolve("ipv4/conf/" + linkName + "/forwarding"))) {
            return;
        }
        try {
            rtnetlink.links().setIpv4Forwarding(linkIndex, true);
        } catch (RtnetlinkException refused) {
            log.error(
                    "{} does not forward: net.ipv4.conf.{}.forwarding is 0 and cannot be set ({})."
                            + " Start the container with --sysctl net.ipv4.ip_forward=1",
                    linkName,
                    linkName,
                    refused.getMessage());
        }
    }

    private static boolean write(Path setting) {
        try {
            if (!Files.readString(setting).strip().equals("1")) {
                Files.writeString(setting, "1");
            }
            return true;
        } catch (IOException readOnly) {
            return false;
        }
    }
}
