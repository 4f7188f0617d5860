package dev.culvert.app.sidecar;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What {@code culvert status} shows.
 *
 * @param state {@code connected}, {@code connecting}, {@code failed}, {@code stopped}
 * @param interfaceName empty: there is no tunnel
 * @param source of the configuration, empty: none was read
 * @param level of the kill switch that was reached
 * @param policy the state that its rules are for
 * @param peers in the order of the configuration
 * @param heldBack packets by reason, only what was counted
 * @param problems why it failed, or what is to be known, one line each
 */
public record StatusReport(
        String state,
        String interfaceName,
        String source,
        String level,
        String policy,
        List<PeerStatus> peers,
        Map<String, Long> heldBack,
        List<String> problems) {
    /**
     * A peer.
     *
     * @param endpoint empty: not known
     * @param handshakeAgeSeconds -1: there was none yet
     */
    public record PeerStatus(
            String publicKey,
            String endpoint,
            boolean connected,
            long handshakeAgeSeconds,
            long rxBytes,
            long txBytes) {}

    /** Whether everything is as it should be: 0, else 1. */
    public int exitStatus() {
        return state.equals("connected") ? 0 : 1;
    }

    /** For people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, "state", state);
        if (!interfaceName.isEmpty()) {
            line(text, "interface", interfaceName + " (" + source + ")");
        }
        line(text, "kill switch", level + ", rules: " + policy);
        for (PeerStatus peer : peers) {
            line(text, "peer", peer.publicKey());
            line(text, "  endpoint", peer.endpoint().isEmpty() ? "not known" : peer.endpoint());
            line(
                    text,
                    "  handshake",
                    peer.handshakeAgeSeconds() < 0
                            ? "none yet"
                            : peer.handshakeAgeSeconds() + " s ago");
            line(text, "  received", peer.rxBytes() + " B, sent " + peer.txBytes() + " B");
        }
        heldBack.forEach((reason, packets) -> line(text, "held back", reason + " " + packets));
        problems.forEach(problem -> line(text, "problem", problem));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format("%-12s %s%n", name + ":", value));
    }

    /** For programs: one object, one line. */
    public String json() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("state", state);
            json.writeStringField("interface", interfaceName);
            json.writeStringField("source", source);
            json.writeObjectFieldStart("kill_switch");
            json.writeStringField("level", level);
            json.writeStringField("policy", policy);
            json.writeObjectFieldStart("held_back");
            for (Map.Entry<String, Long> held : heldBack.entrySet()) {
                json.writeNumberField(held.getKey(), held.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeArrayFieldStart("peers");
            for (PeerStatus peer : peers) {
                peer(json, peer);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("problems");
            for (String problem : problems) {
                json.writeString(problem);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out + "\n";
    }

    private static void peer(JsonGenerator json, PeerStatus peer) throws IOException {
        json.writeStartObject();
        json.writeStringField("public_key", peer.publicKey());
        json.writeStringField("endpoint", peer.endpoint());
        json.writeBooleanField("connected", peer.connected());
        json.writeNumberField("handshake_age_seconds", peer.handshakeAgeSeconds());
        json.writeNumberField("rx_bytes", peer.rxBytes());
        json.writeNumberField("tx_bytes", peer.txBytes());
        json.writeEndObject();
    }
}
