package dev.culvert.app.server;

import dev.culvert.app.config.ConfigException;
import dev.culvert.app.config.IpText;
import dev.culvert.killswitch.policy.Subnet;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** The addresses that this machine has beside the tunnel. */
final class OwnNetworks {
    private final List<InterfaceAddress> addresses;

    private OwnNetworks(List<InterfaceAddress> addresses) {
        this.addresses = addresses;
    }

    /**
     * @param tunnelName is left out
     */
    static OwnNetworks beside(String tunnelName) throws ConfigException {
        List<InterfaceAddress> addresses = new ArrayList<>();
        try {
            for (NetworkInterface link :
                    NetworkInterface.networkInterfaces()
                            .sorted((a, b) -> Integer.compare(a.getIndex(), b.getIndex()))
                            .toList()) {
                if (!link.isLoopback() && !link.getName().equals(tunnelName) && link.isUp()) {
                    link.getInterfaceAddresses().stream()
                            .filter(own -> !own.getAddress().isLinkLocalAddress())
                            .forEach(addresses::add);
                }
            }
        } catch (SocketException refused) {
            throw new ConfigException(
                    "interfaces", "cannot be listed: " + String.valueOf(refused.getMessage()));
        }
        return new OwnNetworks(addresses);
    }

    /** Clients and neighbours could not both be reached. */
    void refuseOverlap(List<IpPrefix> pool) throws ConfigException {
        for (IpPrefix network : pool) {
            Subnet wanted = new Subnet(network.address(), network.length());
            for (InterfaceAddress own : addresses) {
                Subnet present = new Subnet(own.getAddress(), own.getNetworkPrefixLength());
                if (present.contains(wanted.network()) || wanted.contains(present.network())) {
                    throw new ConfigException(
                            AddressPool.VARIABLE,
                            network
                                    + " overlaps "
                                    + present
                                    + ", the network that this machine is in: choose another");
                }
            }
        }
    }

    /** The first, of IPv4 if there is one. */
    String address() throws ConfigException {
        return addresses.stream()
                .map(InterfaceAddress::getAddress)
                .sorted((a, b) -> Boolean.compare(isV6(a), isV6(b)))
                .findFirst()
                .map(IpText::shortest)
                .orElseThrow(() ->
                        new ConfigException(
                                "SERVERURL",
                                "is not set, and there is no address to take instead: name where"
                                        + " clients reach this server"));
    }

    private static boolean isV6(InetAddress address) {
        return !(address instanceof Inet4Address);
    }
}
