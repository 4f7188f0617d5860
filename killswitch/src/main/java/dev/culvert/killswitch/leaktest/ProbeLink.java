package dev.culvert.killswitch.leaktest;

import java.net.InetAddress;
import java.util.HexFormat;

/**
 * The uplink as a probe needs it: what it is bound to, and what stands in headers that it writes
 * itself.
 *
 * @param macAddress {@code 02:00:00:00:00:01}
 */
public record ProbeLink(
        String name, int ifindex, String macAddress, InetAddress sourceV4, InetAddress sourceV6) {
    byte[] macBytes() {
        return HexFormat.ofDelimiter(":").parseHex(macAddress);
    }

    InetAddress source(IpVersion version) {
        return version == IpVersion.V4 ? sourceV4 : sourceV6;
    }
}
