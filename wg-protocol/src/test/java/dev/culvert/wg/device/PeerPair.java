package dev.culvert.wg.device;

import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.packet.MessageTransport;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.uapi.PeerChange;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Two nodes that are each other's peer, and the clock that both read. */
final class PeerPair {
    private static final AeadProvider PROVIDER = AeadProviders.select(AeadProviders.AUTO);

    /** Any start will do: the clocks are compared by subtraction. This one overflows on the way. */
    static final long START_NS = Long.MAX_VALUE - 30_000_000_007L;

    final VirtualLink link;
    final VirtualNode a;
    final VirtualNode b;
    private long nowNs = START_NS;
    private long number;

    /** Both up, and each configured with the other's endpoint. */
    PeerPair(long seed) {
        this(seed, true);
    }

    private PeerPair(long seed, boolean bKnowsEndpointOfA) {
        link = new VirtualLink(new SplittableRandom(seed));
        a = new VirtualNode(1, PROVIDER, link, 2 * seed + 1);
        b = new VirtualNode(2, PROVIDER, link, 2 * seed + 2);
        for (VirtualNode node : List.of(a, b)) {
            VirtualNode other = other(node);
            node.setPrivateKey(node.privateKey.clone(), nowNs);
            boolean knowsEndpoint = node == a || bKnowsEndpointOfA;
            node.set(VirtualNode.peer(other, knowsEndpoint ? other.address : null), nowNs);
            node.up(nowNs);
        }
    }

    /** As a client and a server: b learns a's endpoint from its first packet. */
    static PeerPair clientAndServer(long seed) {
        return new PeerPair(seed, false);
    }

    /** With a session that {@code a} began. */
    static PeerPair connected(long seed) {
        PeerPair pair = new PeerPair(seed);
        pair.connect();
        return pair;
    }

    /** {@code a} sends one packet, which brings a session about. */
    void connect() {
        send(a, 100);
        advance(Duration.ofMillis(100));
    }

    static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    static Duration ms(long ms) {
        return Duration.ofMillis(ms);
    }

    VirtualNode other(VirtualNode node) {
        return node == a ? b : a;
    }

    long nowNs() {
        return nowNs;
    }

    /** Since the start. */
    Duration elapsed() {
        return Duration.ofNanos(nowNs - START_NS);
    }

    /** Puts a packet for the other node into a node's TUN. */
    long send(VirtualNode from, int length) {
        from.fromTun(InnerPackets.ipv4(from.host, other(from).host, length, ++number), nowNs);
        return number;
    }

    /** Sets a peer's preshared key or keepalive on a node; null and empty: unchanged. */
    void set(VirtualNode on, byte[] presharedKey) {
        on.set(change(other(on), presharedKey, OptionalInt.empty()), nowNs);
    }

    void setPersistentKeepalive(VirtualNode on, int seconds) {
        on.set(change(other(on), null, OptionalInt.of(seconds)), nowNs);
    }

    static PeerChange change(
            VirtualNode peer, byte @Nullable [] presharedKey, OptionalInt keepalive) {
        return new PeerChange(
                peer.publicKey.clone(),
                false,
                false,
                presharedKey,
                null,
                keepalive,
                false,
                List.of());
    }

    /** Lets time pass, with all that happens in it. */
    void advance(Duration by) {
        long untilNs = nowNs + by.toNanos();
        while (true) {
            long nextNs = earliest(untilNs, link.nextNs());
            nextNs = earliest(nextNs, a.device.nextDeadlineNs());
            nextNs = earliest(nextNs, b.device.nextDeadlineNs());
            if (nextNs - nowNs > 0) {
                nowNs = nextNs;
            }
            deliver();
            a.timeouts(nowNs);
            b.timeouts(nowNs);
            if (nowNs == untilNs && quiet()) {
                return;
            }
        }
    }

    /** The clock goes on while nobody looks at it, as in a suspended machine. */
    void sleep(Duration by) {
        nowNs += by.toNanos();
    }

    private boolean quiet() {
        return earliest(nowNs, link.nextNs()) == nowNs
                && link.nextNs() != nowNs
                && a.device.nextDeadlineNs() != nowNs
                && b.device.nextDeadlineNs() != nowNs;
    }

    /** {@link Long#MAX_VALUE} stands for never, also when the clock comes near it. */
    private static long earliest(long aNs, long bNs) {
        if (bNs == Long.MAX_VALUE) {
            return aNs;
        }
        return aNs - bNs <= 0 ? aNs : bNs;
    }

    private void deliver() {
        Datagram datagram = link.poll(nowNs);
        while (datagram != null) {
            VirtualNode to = datagram.sender() == a ? b : a;
            // Sent to an address that the node has left: lost.
            if (datagram.to().sameDestination(to.address)) {
                to.receive(datagram.from(), datagram.bytes(), nowNs);
            }
            datagram = link.poll(nowNs);
        }
    }

    // What went over the link.

    List<Datagram> sent(VirtualNode by, int type) {
        return link.sent().stream().filter(d -> d.sender() == by && d.type() == type).toList();
    }

    List<Datagram> initiations(VirtualNode by) {
        return sent(by, MessageType.INITIATION);
    }

    List<Datagram> keepalives(VirtualNode by) {
        return sent(by, MessageType.TRANSPORT).stream()
                .filter(d -> d.bytes().length == MessageTransport.KEEPALIVE_LENGTH)
                .toList();
    }

    /** Numbers of the packets that a node delivered, in order. */
    static List<Long> delivered(VirtualNode node) {
        return node.delivered.stream().map(InnerPackets::number).toList();
    }

    static long count(VirtualNode node, Action.Event event) {
        return node.events.stream().filter(e -> e.what() == event).count();
    }
}
