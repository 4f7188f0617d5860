package dev.culvert.tun.rtnetlink;

/** Hears what the kernel tells without being asked. */
public interface NotificationListener {
    /** Of a link in the namespace of the socket. */
    int HOME = -1;

    /**
     * A link was made or changed.
     *
     * @param namespaceId {@link #HOME}, or the number of the namespace ({@link NamespaceIds})
     */
    void linkChanged(Link link, int namespaceId);

    /** A link was deleted, or has left this namespace. */
    void linkGone(Link link, int namespaceId);

    /** An address or route was added or deleted here. */
    void routesChanged();

    /** Some were lost: ask for the state. */
    void overflowed();
}
