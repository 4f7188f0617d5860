package dev.culvert.app.connection;

import dev.culvert.app.config.IpText;
import dev.culvert.app.config.TunnelConfig;
import dev.culvert.app.tunnel.Tunnel;
import dev.culvert.datapath.nat.NatRules;
import dev.culvert.killswitch.policy.TunnelLink;
import dev.culvert.tun.rtnetlink.IpPrefix;
import dev.culvert.tun.rtnetlink.LinkAddress;
import dev.culvert.tun.rtnetlink.Rtnetlink;
import dev.culvert.tun.rtnetlink.RtnetlinkException;
import dev.culvert.tun.sys.Errno;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.UapiSet;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tunnel that runs, and the kernel's side of its link. */
final class LiveTunnel {
    private static final Logger log = LoggerFactory.getLogger(LiveTunnel.class);

    private final Tunnel tunnel;
    private final Rtnetlink rtnetlink;
    private List<IpPrefix> addresses = List.of();

    /**
     * @param tunnel is open
     */
    LiveTunnel(Tunnel tunnel, Rtnetlink rtnetlink) {
        this.tunnel = tunnel;
        this.rtnetlink = rtnetlink;
    }

    /** The name of its link. */
    String name() {
        return tunnel.interfaceName();
    }

    int linkIndex() {
        return tunnel.linkIndex();
    }

    /** Takes all of the change or nothing, and zeroes it. */
    void configure(UapiSet change) throws ConnectionException {
        try {
            int errno = tunnel.datapath().set(change);
            if (errno != 0) {
                throw new ConnectionException(
                        "the tunnel cannot be configured: " + Errno.text(errno));
            }
        } finally {
            change.zero();
        }
    }

    /** Adds and removes addresses, sets the MTU. */
    void address(TunnelConfig config, int mtu) throws RtnetlinkException, ConnectionException {
        List<IpPrefix> wanted = config.local().addresses();
        List<IpPrefix> present = new ArrayList<>();
        List<IpPrefix> unused = new ArrayList<>();
        for (IpPrefix prefix : wanted) {
            (add(prefix) ? present : unused).add(prefix);
        }
        if (present.isEmpty() && !wanted.isEmpty()) {
            throw new ConnectionException(
                    config.source()
                            + ": Address: has IPv6 alone, and IPv6 is switched off in this"
                            + " namespace: --sysctl net.ipv6.conf.all.disable_ipv6=0 switches it on");
        }
        unused.forEach(prefix ->
                log.warn(
                        "{}: IPv6 is switched off in this namespace, the address is not used",
                        IpText.shortest(prefix)));
        for (IpPrefix prefix : addresses) {
            if (!wanted.contains(prefix)) {
                rtnetlink.addresses().delete(new LinkAddress(linkIndex(), prefix));
            }
        }
        addresses = List.copyOf(present);
        rtnetlink.links().setMtu(linkIndex(), mtu);
    }

    /** False: it is an IPv6 address, and IPv6 is switched off here. */
    private boolean add(IpPrefix prefix) throws RtnetlinkException {
        try {
            rtnetlink.addresses().add(new LinkAddress(linkIndex(), prefix));
            return true;
        } catch (RtnetlinkException refused) {
            if (refused.errno() == Errno.EEXIST) {
                return true;
            }
            boolean v6Off =
                    prefix.address() instanceof Inet6Address
                            && (refused.errno() == Errno.EACCES
                                    || refused.errno() == Errno.EOPNOTSUPP);
            if (!v6Off) {
                throw refused;
            }
            return false;
        }
    }

    /** As the kill switch knows it. */
    TunnelLink link() {
        return new TunnelLink(
                name(), linkIndex(), addresses.stream().map(IpPrefix::address).toList());
    }

    /** Those that the link has. */
    List<IpPrefix> addresses() {
        return addresses;
    }

    /** Brings the link up, which starts the data path, and waits for that. */
    void up() throws RtnetlinkException {
        rtnetlink.links().setUp(linkIndex(), true);
        int errno = tunnel.datapath().up();
        if (errno != 0) {
            log.error("no UDP socket: {}", Errno.text(errno));
        }
    }

    /** By these rules from now on; null: no addresses are translated. */
    void translate(@Nullable NatRules rules) {
        tunnel.datapath().translate(rules);
    }

    /** Starts a handshake with every peer that can be called. */
    void connect() {
        tunnel.datapath().connect();
    }

    /** Starts a handshake with every peer that can be called, young session or not. */
    void renew() {
        tunnel.datapath().renew();
    }

    /** The caller zeroes it. */
    DeviceSnapshot snapshot() {
        return tunnel.datapath().snapshot();
    }
}
