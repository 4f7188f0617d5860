package dev.culvert.killswitch.leaktest;

import dev.culvert.killswitch.policy.LinkAddress;
import dev.culvert.killswitch.policy.Uplink;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HexFormat;

/**
 * The uplink as a probe needs it: what it is bound to, and what stands in headers that it writes
 * itself.
 *
 * @param macAddress {@code 02:00:00:00:00:01}; empty: its frames have no such header
 */
public record ProbeLink(
        String name, int ifindex, String macAddress, InetAddress sourceV4, InetAddress sourceV6) {
    /**
     * The uplink of a policy, with the hardware address that the kernel tells for it.
     *
     * @throws LeakTestException if there is no such link
     */
    static ProbeLink of(Uplink uplink) throws LeakTestException {
        try {
            NetworkInterface link = NetworkInterface.getByIndex(uplink.ifindex());
            if (link == null) {
                throw new LeakTestException("there is no link " + uplink.name());
            }
            byte[] mac = link.getHardwareAddress();
            return new ProbeLink(
                    uplink.name(),
                    uplink.ifindex(),
                    mac == null ? "" : HexFormat.ofDelimiter(":").formatHex(mac),
                    source(uplink, InetAddress.ofLiteral("0.0.0.0")),
                    source(uplink, InetAddress.ofLiteral("::")));
        } catch (SocketException refused) {
            throw new LeakTestException(
                    uplink.name() + " cannot be asked: " + refused.getMessage(), refused);
        }
    }

    /** The first address of the family of {@code none}, which stands for none. */
    private static InetAddress source(Uplink uplink, InetAddress none) {
        return uplink.addresses().stream()
                .map(LinkAddress::address)
                .filter(own -> own.getClass() == none.getClass())
                .findFirst()
                .orElse(none);
    }

    byte[] macBytes() {
        return HexFormat.ofDelimiter(":").parseHex(macAddress);
    }

    InetAddress source(IpVersion version) {
        return version == IpVersion.V4 ? sourceV4 : sourceV6;
    }
}
