package dev.culvert.killswitch.policy;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Where a peer is: an address that was resolved, and a UDP port. */
public record Endpoint(InetAddress address, int port) {
    /**
     * @throws IllegalArgumentException if no peer can be there
     */
    public Endpoint {
        address = Subnet.withoutScope(address);
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is not the address of a peer");
        }
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    public boolean v4() {
        return address instanceof Inet4Address;
    }

    @Override
    public String toString() {
        return v4()
                ? address.getHostAddress() + ":" + port
                : "[" + address.getHostAddress() + "]:" + port;
    }
}
