package dev.culvert.tun.rtnetlink;

import dev.culvert.tun.sys.ErrnoException;

/** Requests to the network namespace of the thread that opened it. One thread at a time. */
public final class Rtnetlink implements AutoCloseable {
    private final NetlinkSocket socket;
    private final Links links;
    private final Addresses addresses;
    private final Routes routes;
    private final Rules rules;
    private final NamespaceIds namespaceIds;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
        links = new Links(socket);
        addresses = new Addresses(socket);
        routes = new Routes(socket);
        rules = new Rules(socket);
        namespaceIds = new NamespaceIds(socket);
    }

    public static Rtnetlink open() throws ErrnoException {
        return new Rtnetlink(new NetlinkSocket());
    }

    public Links links() {
        return links;
    }

    public Addresses addresses() {
        return addresses;
    }

    public Routes routes() {
        return routes;
    }

    public Rules rules() {
        return rules;
    }

    public NamespaceIds namespaceIds() {
        return namespaceIds;
    }

    @Override
    public void close() {
        socket.close();
    }
}
