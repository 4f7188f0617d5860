package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The near end of the tunnel.
 *
 * @param addresses with host bits
 * @param dns servers, in the order to ask them
 * @param searchDomains names that {@code DNS} lists beside the servers
 * @param listenPort empty or 0: the kernel chooses
 * @param fwmark unsigned 32 bit, 0: off; empty: chosen where routing needs one
 * @param saveConfig whether the file takes up what runs when it ends
 * @param mtu empty: from the route to the endpoint
 */
public record InterfaceConfig(
        Secret privateKey,
        List<IpPrefix> addresses,
        List<InetAddress> dns,
        List<String> searchDomains,
        OptionalInt listenPort,
        OptionalLong fwmark,
        OptionalInt mtu,
        RoutingTable table,
        Hooks hooks,
        boolean saveConfig) {}
