package dev.culvert.app.config;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer is reached, as configured.
 *
 * @param host a name, or an address without brackets
 * @param port 1..65535
 */
public record EndpointName(String host, int port) {
    private static final int MAX_NAME_CHARS = 253;

    /** {@code name:port}, {@code 192.0.2.1:port} or {@code [2001:db8::1]:port}. */
    static EndpointName parse(String text) throws InvalidValueException {
        int colon = text.lastIndexOf(':');
        boolean bracketed = text.startsWith("[");
        if (!bracketed && text.indexOf(':') != colon) {
            throw new InvalidValueException(
                    Quoted.of(text)
                            + ": an IPv6 address goes into brackets: \"[2001:db8::1]:51820\"");
        }
        if (colon < 0 || (bracketed && !text.startsWith("]", colon - 1))) {
            throw new InvalidValueException(
                    Quoted.of(text) + " has no port; for example \"" + text + ":51820\"");
        }
        int port = (int) Numbers.decimal(text.substring(colon + 1), 1, 0xffff, "port");
        String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
        return of(host, port);
    }

    static EndpointName of(String host, int port) throws InvalidValueException {
        if (IpText.parse(host) == null && !isName(host)) {
            throw new InvalidValueException(
                    Quoted.of(host) + " is neither an address nor a host name");
        }
        return new EndpointName(host, port);
    }

    /** Null: it is a name, which has to be resolved. */
    public @Nullable InetAddress address() {
        return IpText.parse(host);
    }

    static boolean isName(String text) {
        if (text.isEmpty() || text.length() > MAX_NAME_CHARS) {
            return false;
        }
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        for (String label : name.split("\\.", -1)) {
            if (!label.matches("[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")) {
                return false;
            }
        }
        // All digits and dots would be a mistyped address.
        return !name.matches("[0-9.]+");
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
