package dev.culvert.wg.device;

import dev.culvert.wg.noise.Handshake;
import dev.culvert.wg.noise.ReceivedInitiation;
import dev.culvert.wg.noise.SessionKeys;
import dev.culvert.wg.noise.StaticIdentity;
import dev.culvert.wg.packet.DropReason;
import dev.culvert.wg.packet.MessageCookieReply;
import dev.culvert.wg.packet.MessageInitiation;
import dev.culvert.wg.packet.MessageResponse;
import dev.culvert.wg.packet.MessageType;
import dev.culvert.wg.peer.Endpoint;
import dev.culvert.wg.peer.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Received handshake messages. Each check that costs nothing comes before each that costs
 * something, and nothing of a peer changes before the message is authenticated.
 */
final class HandshakeMessages {
    private final DeviceState state;
    private final HandshakeGate gate;
    private final Sessions sessions;

    HandshakeMessages(DeviceState state, HandshakeGate gate, Sessions sessions) {
        this.state = state;
        this.gate = gate;
        this.sessions = sessions;
    }

    @Nullable DropReason handle(
            long nowNs, long wallNs, byte[] message, int length, Endpoint from, boolean underLoad) {
        int type = MessageType.of(message, length);
        if (type == MessageType.NONE || type == MessageType.TRANSPORT) {
            return DropReason.NOT_A_MESSAGE;
        }
        if (!state.up) {
            return DropReason.DEVICE_DOWN;
        }
        StaticIdentity identity = state.identity;
        if (identity == null) {
            return DropReason.NO_PRIVATE_KEY;
        }
        if (type == MessageType.COOKIE_REPLY) {
            return handleCookieReply(nowNs, message);
        }
        int senderIndex =
                type == MessageType.INITIATION
                        ? MessageInitiation.senderIndex(message)
                        : MessageResponse.senderIndex(message);
        DropReason barred = gate.check(message, length, senderIndex, from, underLoad, nowNs);
        if (barred != null) {
            return barred;
        }
        return type == MessageType.INITIATION
                ? handleInitiation(identity, nowNs, message, from)
                : handleResponse(identity, nowNs, wallNs, message, from);
    }

    private @Nullable DropReason handleInitiation(
            StaticIdentity identity, long nowNs, byte[] message, Endpoint from) {
        ReceivedInitiation initiation = Handshake.consumeInitiation(identity, message);
        if (initiation == null) {
            return DropReason.HANDSHAKE_UNAUTHENTIC;
        }
        try (initiation) {
            DevicePeer sender = state.peers.get(initiation.remoteStatic());
            if (sender == null) {
                return DropReason.UNKNOWN_PEER;
            }
            Handshake handshake = sender.handshake(identity);
            if (!handshake.openTimestamp(initiation)) {
                return DropReason.HANDSHAKE_UNAUTHENTIC;
            }
            byte[] timestamp = initiation.timestamp();
            if (sender.isReplay(timestamp)) {
                return DropReason.TIMESTAMP_REPLAYED;
            }
            if (sender.isTooSoon(nowNs)) {
                return DropReason.INITIATION_TOO_SOON;
            }
            sender.accept(timestamp, nowNs);
            return answer(sender, handshake, initiation, nowNs, from);
        }
    }

    private @Nullable DropReason answer(
            DevicePeer sender,
            Handshake handshake,
            ReceivedInitiation initiation,
            long nowNs,
            Endpoint from) {
        int index = state.indexTable.reserve(sender.peer, state.random);
        byte[] response = new byte[MessageResponse.LENGTH];
        SessionKeys keys = handshake.createResponse(initiation, index, state.random, response);
        if (keys == null) {
            state.indexTable.remove(index);
            return DropReason.HANDSHAKE_UNAUTHENTIC;
        }
        authenticated(sender, from, MessageInitiation.LENGTH, nowNs);
        sessions.begin(sender, keys, nowNs);
        sender.cookies.addMacs(response, response.length, nowNs);
        sender.peer.traffic().addTx(1, response.length);
        sender.peer.traffic().sent(nowNs);
        state.actions.add(new Action.SendMessage(from, response));
        state.happened(sender, Action.Event.INITIATION_ANSWERED);
        return null;
    }

    private @Nullable DropReason handleResponse(
            StaticIdentity identity, long nowNs, long wallNs, byte[] message, Endpoint from) {
        DevicePeer sender = peerOf(MessageResponse.receiverIndex(message));
        if (sender == null
                || sender.pendingIndex == null
                || sender.pendingIndex != MessageResponse.receiverIndex(message)) {
            return DropReason.UNKNOWN_HANDSHAKE;
        }
        SessionKeys keys = sender.handshake(identity).consumeResponse(message);
        if (keys == null) {
            return DropReason.HANDSHAKE_UNAUTHENTIC;
        }
        // The index is the session's from here on.
        sender.pendingIndex = null;
        authenticated(sender, from, MessageResponse.LENGTH, nowNs);
        sessions.begin(sender, keys, nowNs);
        sessions.completeAsInitiator(sender, wallNs);
        return null;
    }

    /** A cookie reply is not authenticated by the peer's key: the endpoint stays. */
    private @Nullable DropReason handleCookieReply(long nowNs, byte[] message) {
        DevicePeer sender = peerOf(MessageCookieReply.receiverIndex(message));
        if (sender == null) {
            return DropReason.UNKNOWN_HANDSHAKE;
        }
        if (!sender.cookies.consumeReply(message, nowNs)) {
            return DropReason.COOKIE_REPLY_UNAUTHENTIC;
        }
        state.happened(sender, Action.Event.COOKIE_RECEIVED);
        return null;
    }

    private void authenticated(DevicePeer sender, Endpoint from, int bytes, long nowNs) {
        sender.peer.roam(from);
        sender.peer.traffic().addRx(1, bytes);
        sender.peer.traffic().received(nowNs, false);
    }

    private @Nullable DevicePeer peerOf(int receiverIndex) {
        Peer peer = state.indexTable.peer(receiverIndex);
        return peer == null ? null : state.peers.get(peer);
    }
}
