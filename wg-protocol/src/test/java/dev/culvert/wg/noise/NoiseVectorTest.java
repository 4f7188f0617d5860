package dev.culvert.wg.noise;

import static dev.culvert.wg.vectors.Vectors.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.wg.aead.AeadKey;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.aead.AeadProviders;
import dev.culvert.wg.vectors.Vectors;
import dev.culvert.wg.x25519.X25519Key;
import dev.culvert.wg.x25519.X25519Providers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The whole handshake against values that others computed. */
class NoiseVectorTest {
    private final JsonNode noise = Vectors.json("noise/cacophony_ikpsk2.json");
    private final JsonNode wireguard = Vectors.json("noise/wireguard_handshake.json");

    @Test
    void exchangesTheMessagesOfTheNoiseVector() {
        assertArrayEquals(
                SymmetricState.CONSTRUCTION,
                noise.get("protocol_name").asText().getBytes(StandardCharsets.US_ASCII));
        StaticIdentity initiator = new StaticIdentity(hex(noise, "init_static"));
        StaticIdentity responder = new StaticIdentity(hex(noise, "resp_static"));
        byte[] responderPublic = hex(noise, "init_remote_static");
        assertArrayEquals(responderPublic, responder.publicKey());
        byte[] psk = hex(noise.get("init_psks").get(0).asText());
        byte[] staticStatic = new byte[32];
        assertTrue(initiator.sharedSecret(responderPublic, staticStatic));
        SymmetricState sending = begin("init_prologue", responderPublic);
        SymmetricState receiving = begin("resp_prologue", responderPublic);

        byte[] first = new byte[ciphertext(0).length];
        assertTrue(
                IkPsk2.writeFirst(
                        sending,
                        ephemeral("init_ephemeral"),
                        initiator,
                        responderPublic,
                        staticStatic,
                        payload(0),
                        first,
                        0));
        assertArrayEquals(ciphertext(0), first);

        byte[] remoteEphemeral = new byte[32];
        byte[] remoteStatic = new byte[32];
        assertTrue(
                IkPsk2.readFirstStatic(
                        receiving, responder, first, 0, remoteEphemeral, remoteStatic));
        assertArrayEquals(initiator.publicKey(), remoteStatic);
        byte[] payload = new byte[payload(0).length];
        assertTrue(
                IkPsk2.readFirstPayload(
                        receiving, staticStatic, first, IkPsk2.FIRST_PAYLOAD_OFFSET, payload));
        assertArrayEquals(payload(0), payload);

        byte[] second = new byte[ciphertext(1).length];
        assertTrue(
                IkPsk2.writeSecond(
                        receiving,
                        ephemeral("resp_ephemeral"),
                        remoteEphemeral,
                        remoteStatic,
                        psk,
                        payload(1),
                        second,
                        0));
        assertArrayEquals(ciphertext(1), second);
        payload = new byte[payload(1).length];
        assertTrue(
                IkPsk2.readSecond(
                        sending, ephemeral("init_ephemeral"), initiator, psk, second, 0, payload));
        assertArrayEquals(payload(1), payload);

        assertArrayEquals(hex(noise, "handshake_hash"), sending.hash);
        assertArrayEquals(hex(noise, "handshake_hash"), receiving.hash);
        exchangesTransportMessages(sending);
        exchangesTransportMessages(receiving);
    }

    private SymmetricState begin(String prologue, byte[] responderPublic) {
        byte[] transcript = SymmetricState.transcript(hex(noise, prologue));
        return new SymmetricState(transcript, responderPublic);
    }

    private X25519Key ephemeral(String field) {
        return X25519Providers.bouncyCastle().newKey(hex(noise, field));
    }

    /** Noise transport messages have the nonce of WireGuard's, so they test the AEAD seam too. */
    private void exchangesTransportMessages(SymmetricState state) {
        byte[] initiatorKey = new byte[32];
        byte[] responderKey = new byte[32];
        state.split(initiatorKey, responderKey);
        assertEquals(6, noise.get("messages").size());
        for (String name : AeadProviders.NAMES) {
            AeadProvider provider = AeadProviders.select(name);
            try (AeadKey fromInitiator = provider.newKey(initiatorKey);
                    AeadKey fromResponder = provider.newKey(responderKey)) {
                for (int i = 2; i < 6; i++) {
                    AeadKey key = i % 2 == 0 ? fromInitiator : fromResponder;
                    sealsAndOpens(key, i / 2 - 1, payload(i), ciphertext(i));
                }
            }
        }
    }

    private static void sealsAndOpens(AeadKey key, long counter, byte[] plain, byte[] expected) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(expected.length);
            MemorySegment.copy(plain, 0, buffer, ValueLayout.JAVA_BYTE, 0, plain.length);
            key.seal(counter, buffer, 0, plain.length, buffer, 0);
            assertArrayEquals(expected, buffer.toArray(ValueLayout.JAVA_BYTE));
            assertEquals(plain.length, key.open(counter, buffer, 0, expected.length, buffer, 0));
        }
    }

    @Test
    void writesAndReadsTheWireGuardMessagesByteForByte() {
        StaticIdentity initiator = new StaticIdentity(hex(wireguard, "initiatorPrivate"));
        StaticIdentity responder = new StaticIdentity(hex(wireguard, "responderPrivate"));
        Handshake toResponder = new Handshake(responder.publicKey());
        toResponder.setIdentity(initiator);
        toResponder.setPresharedKey(hex(wireguard, "presharedKey"));
        Handshake toInitiator = new Handshake(initiator.publicKey());
        toInitiator.setIdentity(responder);
        toInitiator.setPresharedKey(hex(wireguard, "presharedKey"));
        int initiatorIndex = index("initiatorIndex");
        int responderIndex = index("responderIndex");

        byte[] initiation = new byte[Handshake.INITIATION_BYTES];
        assertTrue(
                toResponder.createInitiation(
                        initiatorIndex,
                        hex(wireguard, "timestamp"),
                        new FixedRandom(hex(wireguard, "initiatorEphemeral")),
                        initiation));
        assertArrayEquals(withoutMacs("initiation"), initiation);

        ReceivedInitiation received =
                Handshake.consumeInitiation(responder, hex(wireguard, "initiation"));
        assertNotNull(received);
        assertEquals(initiatorIndex, received.remoteIndex());
        assertTrue(toInitiator.openTimestamp(received));
        assertArrayEquals(hex(wireguard, "timestamp"), received.timestamp());
        byte[] response = new byte[Handshake.RESPONSE_BYTES];
        SessionKeys responderKeys =
                toInitiator.createResponse(
                        received,
                        responderIndex,
                        new FixedRandom(hex(wireguard, "responderEphemeral")),
                        response);
        assertNotNull(responderKeys);
        assertArrayEquals(withoutMacs("response"), response);
        assertArrayEquals(hex(wireguard, "responderKey"), responderKeys.sendKey());
        assertArrayEquals(hex(wireguard, "initiatorKey"), responderKeys.receiveKey());

        SessionKeys initiatorKeys = toResponder.consumeResponse(hex(wireguard, "response"));
        assertNotNull(initiatorKeys);
        assertArrayEquals(hex(wireguard, "initiatorKey"), initiatorKeys.sendKey());
        assertArrayEquals(hex(wireguard, "responderKey"), initiatorKeys.receiveKey());
        assertEquals(initiatorIndex, initiatorKeys.localIndex());
        assertEquals(responderIndex, initiatorKeys.remoteIndex());
    }

    private byte[] withoutMacs(String field) {
        byte[] message = hex(wireguard, field);
        Arrays.fill(message, message.length - 32, message.length, (byte) 0);
        return message;
    }

    private int index(String field) {
        return ByteBuffer.wrap(hex(wireguard, field)).getInt();
    }

    private byte[] payload(int message) {
        return hex(noise.get("messages").get(message), "payload");
    }

    private byte[] ciphertext(int message) {
        return hex(noise.get("messages").get(message), "ciphertext");
    }
}
