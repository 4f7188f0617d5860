package dev.culvert.wg.device;

import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropCounters;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.InnerPacket;
import dev.culvert.wg.packet.MessageTransport;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.peer.Peer;
import dev.culvert.wg.transport.Keypair;
import dev.culvert.wg.transport.Transport;
import dev.culvert.wg.uapi.AllowedIpChange;
import dev.culvert.wg.uapi.PeerChange;
import dev.culvert.wg.uapi.UapiSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A device with the simplest packet path there can be, one packet at a time and in one thread: what
 * a datapath does with the engine, without sockets and TUN.
 */
final class VirtualNode {
    private static final int WORKER = 1;
    private static final int BUFFER_BYTES = 1 << 17;

    final int host;
    final byte[] privateKey;
    final byte[] publicKey;
    final Device device;
    final DropCounters drops = new DropCounters();
    final List<byte[]> delivered = new ArrayList<>();
    final List<Action.Happened> events = new ArrayList<>();
    long deliveredPackets;
    TestEndpoint address;
    boolean underLoad;
    boolean keepsDelivered = true;
    long wallOffsetNs = 1_700_000_000_000_000_000L - PeerPair.START_NS;

    private final VirtualLink link;
    private final MemorySegment out = Arena.ofAuto().allocate(BUFFER_BYTES);
    private final MemorySegment in = Arena.ofAuto().allocate(BUFFER_BYTES);
    private final MemorySegment scratch = Arena.ofAuto().allocate(BUFFER_BYTES);
    private boolean awake;

    VirtualNode(int host, AeadProvider provider, VirtualLink link, long seed) {
        this.host = host;
        this.link = link;
        this.address = TestEndpoint.of(host, 51820);
        SplittableRandom random = new SplittableRandom(seed);
        this.privateKey = new byte[32];
        random.nextBytes(privateKey);
        try (StaticIdentity identity = new StaticIdentity(privateKey)) {
            this.publicKey = identity.publicKey();
        }
        this.device = new Device(provider, random, VirtualNode::endpoint, () -> awake = true, 1);
    }

    private static @Nullable Endpoint endpoint(byte[] address, int port, String scope) {
        return scope.equals("nowhere")
                ? null
                : TestEndpoint.of(Byte.toUnsignedInt(address[3]), port);
    }

    // Configuration.

    void setPrivateKey(byte[] key, long nowNs) {
        apply(new UapiSet(key, OptionalInt.empty(), OptionalLong.empty(), false, List.of()), nowNs);
    }

    void set(PeerChange change, long nowNs) {
        apply(
                new UapiSet(
                        null, OptionalInt.empty(), OptionalLong.empty(), false, List.of(change)),
                nowNs);
    }

    int apply(UapiSet set, long nowNs) {
        int errno = device.apply(set, nowNs, wallNs(nowNs));
        settle(nowNs);
        return errno;
    }

    void up(long nowNs) {
        device.up(nowNs, wallNs(nowNs));
        settle(nowNs);
    }

    /** How {@code other} is configured here, with its inner address. */
    static PeerChange peer(VirtualNode other, @Nullable TestEndpoint endpoint) {
        byte[] inner = {(byte) 192, (byte) 168, 0, (byte) other.host};
        return new PeerChange(
                other.publicKey.clone(),
                false,
                false,
                null,
                endpoint == null ? null : endpoint.configured(),
                OptionalInt.empty(),
                false,
                List.of(new AllowedIpChange(inner, 32, false)));
    }

    Peer peerOf(VirtualNode other) {
        return Objects.requireNonNull(device.peer(other.publicKey), "no such peer");
    }

    long wallNs(long nowNs) {
        return nowNs + wallOffsetNs;
    }

    // Outbound.

    /** A packet from the TUN. */
    void fromTun(byte[] packet, long nowNs) {
        MemorySegment.copy(packet, 0, scratch, ValueLayout.JAVA_BYTE, 0, packet.length);
        Peer peer = device.allowedIps().lookup4(InnerPacket.destination4(scratch, 0));
        if (peer == null) {
            drops.count(DropReason.NO_PEER);
        } else if (peer.endpoint() == null) {
            drops.count(DropReason.NO_ENDPOINT);
        } else if (peer.hasStaged() || !sendData(peer, scratch, 0, packet.length, nowNs)) {
            peer.stage(scratch, 0, packet.length, nowNs, drops);
        }
        settle(nowNs);
    }

    private boolean sendData(Peer peer, MemorySegment buf, long offset, int length, long nowNs) {
        Keypair keypair = peer.sendKeypair(nowNs);
        if (keypair == null || !keypair.acquire()) {
            return false;
        }
        try {
            long counter = keypair.reserve(1);
            if (counter < 0) {
                return false;
            }
            int padded = Transport.paddedLength(length, device.mtu());
            out.asSlice(MessageTransport.PAYLOAD_OFFSET, padded).fill((byte) 0);
            MemorySegment.copy(buf, offset, out, MessageTransport.PAYLOAD_OFFSET, length);
            int sealed =
                    Transport.seal(
                            keypair,
                            keypair.sealKey(WORKER),
                            counter,
                            out,
                            MessageTransport.PAYLOAD_OFFSET,
                            padded,
                            out,
                            0);
            byte[] message = out.asSlice(0, sealed).toArray(ValueLayout.JAVA_BYTE);
            long heardNs = peer.onSending(1, sealed);
            transmit(Objects.requireNonNull(peer.endpoint()), message, nowNs);
            peer.onSent(nowNs, length > 0, heardNs);
            return true;
        } finally {
            keypair.release();
        }
    }

    private void transmit(Endpoint to, byte[] message, long nowNs) {
        link.send(
                new Datagram(
                        this,
                        nowNs,
                        MessageType.of(message, message.length),
                        address,
                        (TestEndpoint) to,
                        message));
    }

    // Inbound.

    /** A datagram from the link. */
    void receive(Endpoint from, byte[] message, long nowNs) {
        MemorySegment.copy(message, 0, in, ValueLayout.JAVA_BYTE, 0, message.length);
        DropReason dropped =
                MessageType.of(in, 0, message.length) == MessageType.TRANSPORT
                        ? receiveData(from, message.length, nowNs)
                        : device.handleHandshake(
                                nowNs, wallNs(nowNs), message, message.length, from, underLoad);
        if (dropped != null) {
            drops.count(dropped);
        }
        settle(nowNs);
    }

    private @Nullable DropReason receiveData(Endpoint from, int length, long nowNs) {
        Keypair keypair = device.indexTable().lookup(MessageTransport.receiverIndex(in, 0));
        if (keypair == null) {
            return DropReason.UNKNOWN_SESSION;
        }
        if (keypair.expired(nowNs) || !keypair.acquire()) {
            return DropReason.SESSION_EXPIRED;
        }
        int opened;
        try {
            opened = Transport.open(keypair, keypair.openKey(0), in, 0, length);
        } finally {
            keypair.release();
        }
        if (opened < 0) {
            return DropReason.ofCode(opened);
        }
        Peer peer = keypair.peer();
        if (!from.equals(peer.endpoint())) {
            peer.roam(from);
        }
        peer.onReceived(nowNs, keypair, opened > 0, 1, length);
        return opened == 0 ? null : deliver(peer, opened);
    }

    private @Nullable DropReason deliver(Peer peer, int length) {
        long offset = MessageTransport.PAYLOAD_OFFSET;
        int total = InnerPacket.totalLength(in, offset, length);
        if (total < 0) {
            return DropReason.ofCode(total);
        }
        if (device.allowedIps().lookup4(InnerPacket.source4(in, offset)) != peer) {
            return DropReason.SOURCE_NOT_ALLOWED;
        }
        deliveredPackets++;
        if (keepsDelivered) {
            delivered.add(in.asSlice(offset, total).toArray(ValueLayout.JAVA_BYTE));
        }
        return null;
    }

    // Home.

    void timeouts(long nowNs) {
        device.handleTimeouts(nowNs, wallNs(nowNs));
        settle(nowNs);
    }

    /** What the home thread does between two waits. */
    void settle(long nowNs) {
        boolean busy = true;
        while (busy) {
            busy = awake;
            if (awake) {
                awake = false;
                device.handleWakeups(nowNs, wallNs(nowNs));
            }
            Action action = device.pollAction();
            while (action != null) {
                perform(action, nowNs);
                busy = true;
                action = device.pollAction();
            }
        }
    }

    private void perform(Action action, long nowNs) {
        switch (action) {
            case Action.SendMessage(Endpoint to, byte[] message) -> transmit(to, message, nowNs);
            case Action.SendKeepalive(Peer peer) -> sendData(peer, scratch, 0, 0, nowNs);
            case Action.SendStaged(Peer peer) ->
                    peer.drainStaged(
                            scratch,
                            0,
                            (buf, offset, length) -> sendData(peer, buf, offset, length, nowNs));
            case Action.Happened happened -> events.add(happened);
        }
    }
}
