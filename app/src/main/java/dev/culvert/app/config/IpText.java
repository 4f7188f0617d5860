package dev.culvert.app.config;

import dev.culvert.tun.rtnetlink.IpPrefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses and prefixes as text, without the short forms that {@link InetAddress} lets pass. */
public final class IpText {
    private static final Pattern ZEROS = Pattern.compile("\\b0(?::0)*\\b");

    private IpText() {}

    /** Null: no address. Without a zone, and no IPv4 address in IPv6 form. */
    public static @Nullable InetAddress parse(String text) {
        boolean v6 = text.indexOf(':') >= 0;
        if (v6
                ? !text.matches("[0-9A-Fa-f:.]{2,45}")
                : !text.matches("([0-9]{1,3}\\.){3}[0-9]{1,3}")) {
            return null;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return v6 && address instanceof Inet4Address ? null : address;
        } catch (IllegalArgumentException no) {
            return null;
        }
    }

    /** As {@link #parse}, but what is none is refused. */
    public static InetAddress address(String text) throws InvalidValueException {
        InetAddress address = parse(text);
        if (address == null) {
            throw new InvalidValueException(Quoted.of(text) + " is not an IP address");
        }
        return address;
    }

    /** Without a length the whole address counts; host bits are kept. */
    public static IpPrefix prefix(String text, String example) throws InvalidValueException {
        int slash = text.indexOf('/');
        InetAddress address = parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new InvalidValueException(
                    Quoted.of(text) + " is not an address with a prefix length such as " + example);
        }
        int bits = address.getAddress().length * 8;
        if (slash < 0) {
            return new IpPrefix(address, bits);
        }
        int length = (int) Numbers.decimal(text.substring(slash + 1), 0, bits, "prefix length");
        return new IpPrefix(address, length);
    }

    /** As RFC 5952 writes it: the longest run of zeros is {@code ::}. */
    public static String shortest(InetAddress address) {
        String text = address.getHostAddress().replaceFirst("%.*", "");
        if (address instanceof Inet4Address) {
            return text;
        }
        int start = 0;
        int end = 0;
        Matcher zeros = ZEROS.matcher(text);
        while (zeros.find()) {
            if (zeros.end() - zeros.start() > end - start) {
                start = zeros.start();
                end = zeros.end();
            }
        }
        if (end - start < "0:0".length()) {
            return text;
        }
        return text.substring(0, start).replaceFirst(":$", "")
                + "::"
                + text.substring(end).replaceFirst("^:", "");
    }

    /** With its length, the address as {@link #shortest(InetAddress)} has it. */
    public static String shortest(IpPrefix prefix) {
        return shortest(prefix.address()) + "/" + prefix.length();
    }

    /** The same network without host bits. */
    public static IpPrefix masked(IpPrefix prefix) {
        byte[] bytes = prefix.address().getAddress();
        for (int bit = prefix.length(); bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        try {
            return new IpPrefix(InetAddress.getByAddress(bytes), prefix.length());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
