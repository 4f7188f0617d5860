package dev.culvert.tun.rtnetlink;

/** What the kernel tells without being asked. */
public sealed interface Notification {
    /** Of a link in the namespace of the socket. */
    int HOME = -1;

    /**
     * A link was made or changed.
     *
     * @param namespaceId {@link #HOME}, or the number of the namespace ({@link NamespaceIds})
     */
    record LinkChanged(Link link, int namespaceId) implements Notification {}

    /** A link was deleted, or has left this namespace. */
    record LinkGone(Link link, int namespaceId) implements Notification {}

    /** An address or route was added or deleted here. */
    record RoutesChanged() implements Notification {}

    /** Some were lost: ask for the state. */
    record Overflow() implements Notification {}
}
