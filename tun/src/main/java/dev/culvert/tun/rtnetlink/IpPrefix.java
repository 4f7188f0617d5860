package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.SocketConstants;
import java.net.Inet4Address;
import java.net.InetAddress;

/** An address with a prefix length in bits, such as {@code 10.0.0.1/24}; host bits are kept. */
public record IpPrefix(InetAddress address, int length) {
    public IpPrefix {
        if (length < 0 || length > address.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " of " + address.getHostAddress());
        }
    }

    /** {@code "10.0.0.0/8"}, {@code "fd00::/64"}; without a length the whole address counts. */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int length =
                slash < 0
                        ? address.getAddress().length * 8
                        : Integer.parseInt(text.substring(slash + 1));
        return new IpPrefix(address, length);
    }

    /** {@code 0.0.0.0/0} or {@code ::/0}. */
    public static IpPrefix any(int family) {
        return parse(family == SocketConstants.AF_INET ? "0.0.0.0/0" : "::/0");
    }

    /** {@link SocketConstants#AF_INET} or {@link SocketConstants#AF_INET6}. */
    public int family() {
        return familyOf(address);
    }

    static int familyOf(InetAddress address) {
        return address instanceof Inet4Address ? SocketConstants.AF_INET : SocketConstants.AF_INET6;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
