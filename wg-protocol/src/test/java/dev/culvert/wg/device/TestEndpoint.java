package dev.culvert.wg.device;

import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.uapi.EndpointAddress;

/**
 * An IPv4 endpoint.
 *
 * @param host last byte of the address
 * @param source last byte of the sticky source address; 0: none
 */
record TestEndpoint(int host, int port, int source) implements Endpoint {
    static TestEndpoint of(int host, int port) {
        return new TestEndpoint(host, port, 0);
    }

    EndpointAddress configured() {
        return new EndpointAddress(address(), port, "");
    }

    @Override
    public byte[] address() {
        return new byte[] {10, 0, 0, (byte) host};
    }

    @Override
    public String scope() {
        return "";
    }

    @Override
    public boolean sameDestination(Endpoint other) {
        return other instanceof TestEndpoint(int otherHost, int otherPort, _)
                && host == otherHost
                && port == otherPort;
    }

    @Override
    public Endpoint withoutSource() {
        return source == 0 ? this : of(host, port);
    }
}
