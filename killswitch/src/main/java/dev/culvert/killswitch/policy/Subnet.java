package dev.culvert.killswitch.policy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A range of addresses. Host bits are cleared: {@code 10.1.2.3/8} is {@code 10.0.0.0/8}. */
public record Subnet(InetAddress network, int prefixLength) {
    /** InetAddress takes "1" for 0.0.0.1. */
    private static final Pattern FOUR_NUMBERS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

    /**
     * @throws IllegalArgumentException if the prefix is longer than the address
     */
    public Subnet {
        byte[] bytes = network.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * 8) {
            throw new IllegalArgumentException(
                    "the prefix length of "
                            + network.getHostAddress()
                            + "/"
                            + prefixLength
                            + " is not between 0 and "
                            + bytes.length * 8);
        }
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            bytes[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
        }
        network = address(bytes);
    }

    /** All bits of one address. */
    public static Subnet of(InetAddress address) {
        return new Subnet(address, address.getAddress().length * 8);
    }

    /**
     * {@code 192.168.0.0/16}, {@code fd00::/8}, or an address alone.
     *
     * @throws IllegalArgumentException with one line that quotes the text
     */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = parseAddress(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return of(address);
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has no prefix length after the slash, like 192.168.1.0/24");
        }
        return new Subnet(address, Integer.parseInt(length));
    }

    /**
     * A literal address, never a name.
     *
     * @throws IllegalArgumentException with one line that quotes the text
     */
    public static InetAddress parseAddress(String text) {
        if (text.indexOf(':') >= 0 || FOUR_NUMBERS.matcher(text).matches()) {
            try {
                return withoutScope(InetAddress.ofLiteral(text));
            } catch (IllegalArgumentException notOne) {
                // said below
            }
        }
        throw new IllegalArgumentException(
                "\"" + text + "\" is not an address like 192.0.2.1 or 2001:db8::1");
    }

    /** Link-local addresses come with a scope, which nftables does not take. */
    static InetAddress withoutScope(InetAddress address) {
        return address instanceof Inet6Address ? address(address.getAddress()) : address;
    }

    public boolean v4() {
        return network instanceof Inet4Address;
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == network.getAddress().length
                && new Subnet(address, prefixLength).network.equals(network);
    }

    /** As nftables wants it. */
    @Override
    public String toString() {
        return prefixLength == network.getAddress().length * 8
                ? network.getHostAddress()
                : network.getHostAddress() + "/" + prefixLength;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
