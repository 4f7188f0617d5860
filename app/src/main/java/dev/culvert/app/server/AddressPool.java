package dev.culvert.app.server;

import dev.culvert.app.config.ConfigException;
import dev.culvert.tun.rtnetlink.IpPrefix;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The addresses of the tunnel, one network of each family. The server has the first, clients get
 * the next that is free, with the same number in both families where that can be.
 */
final class AddressPool {
    static final String VARIABLE = "INTERNAL_SUBNET";

    private static final int SERVER_NUMBER = 1;
    private static final int FIRST_NUMBER = 2;

    /** A network that nobody uses up. */
    private static final int MOST_NUMBERS = 1 << 20;

    private final List<IpPrefix> networks;
    private final Set<InetAddress> taken = new HashSet<>();

    /**
     * @param networks without host bits
     */
    AddressPool(List<IpPrefix> networks) {
        this.networks = List.copyOf(networks);
        server().forEach(own -> taken.add(own.address()));
    }

    /** The server's, with the length of the network. */
    List<IpPrefix> server() {
        return networks.stream()
                .map(network -> new IpPrefix(number(network, SERVER_NUMBER), network.length()))
                .toList();
    }

    /** Takes one that is somebody's already; false: it is not free. */
    boolean take(InetAddress address) {
        return taken.add(address);
    }

    /** Whether it can be a client's: neither the network's own address nor the broadcast one. */
    boolean contains(InetAddress address) {
        return networks.stream().anyMatch(network -> isHost(network, address));
    }

    /**
     * Takes an address of each family for a client.
     *
     * @throws ConfigException if a network has none left
     */
    List<InetAddress> next() throws ConfigException {
        List<InetAddress> addresses = new ArrayList<>();
        int number = FIRST_NUMBER;
        for (IpPrefix network : networks) {
            number = free(network, number);
            addresses.add(number(network, number));
        }
        taken.addAll(addresses);
        return List.copyOf(addresses);
    }

    private int free(IpPrefix network, int wanted) throws ConfigException {
        int last = lastNumber(network);
        for (int i = 0; i <= last - FIRST_NUMBER; i++) {
            int number = FIRST_NUMBER + (wanted - FIRST_NUMBER + i) % (last - FIRST_NUMBER + 1);
            if (!taken.contains(number(network, number))) {
                return number;
            }
        }
        throw new ConfigException(
                VARIABLE,
                network
                        + " has no free address left: remove a client (culvert client remove"
                        + " NAME), or choose a larger network");
    }

    /** IPv4 keeps the last for broadcasts. */
    private static int lastNumber(IpPrefix network) {
        int hostBits = network.address().getAddress().length * 8 - network.length();
        return hostBits >= 20 ? MOST_NUMBERS : (1 << hostBits) - 2;
    }

    private static boolean isHost(IpPrefix network, InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] base = network.address().getAddress();
        if (bytes.length != base.length) {
            return false;
        }
        BigInteger number = new BigInteger(1, bytes).subtract(new BigInteger(1, base));
        BigInteger size = BigInteger.ONE.shiftLeft(base.length * 8 - network.length());
        return number.signum() > 0 && number.compareTo(size.subtract(BigInteger.ONE)) < 0;
    }

    private static InetAddress number(IpPrefix network, int number) {
        byte[] base = network.address().getAddress();
        byte[] sum = new BigInteger(1, base).add(BigInteger.valueOf(number)).toByteArray();
        byte[] bytes = new byte[base.length];
        int length = Math.min(sum.length, bytes.length);
        System.arraycopy(sum, sum.length - length, bytes, bytes.length - length, length);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
