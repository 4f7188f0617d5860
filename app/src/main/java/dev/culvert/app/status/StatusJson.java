package dev.culvert.app.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.datapath.nat.NatStatistics;
import dev.culvert.wg.packet.DropReason;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** A report for programs: one object, one line. Names stay; new ones may come. */
final class StatusJson {
    private final JsonGenerator json;

    private StatusJson(JsonGenerator json) {
        this.json = json;
    }

    static String of(StatusReport report) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            new StatusJson(json).report(report);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out + "\n";
    }

    private void report(StatusReport report) throws IOException {
        json.writeStartObject();
        json.writeStringField("version", report.version());
        json.writeStringField("state", report.state());
        json.writeBooleanField("ready", report.readiness().ready());
        json.writeStringField("ready_reason", report.readiness().why());
        json.writeNumberField("uptime_seconds", report.uptimeSeconds());
        killSwitch(report.killSwitch());
        json.writeArrayFieldStart("tunnels");
        for (TunnelStatus tunnel : report.tunnels()) {
            tunnel(tunnel);
        }
        json.writeEndArray();
        process(report.process());
        json.writeObjectFieldStart("forwarding");
        json.writeNumberField("forwarded_packets", report.process().forwardedPackets());
        json.writeNumberField("rejected_packets", report.killSwitch().rejected());
        json.writeEndObject();
        json.writeArrayFieldStart("problems");
        for (String problem : report.problems()) {
            json.writeString(problem);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void killSwitch(KillSwitchReport killSwitch) throws IOException {
        json.writeObjectFieldStart("kill_switch");
        json.writeStringField("level", killSwitch.level());
        json.writeBooleanField("routes", killSwitch.routes());
        json.writeStringField("policy", killSwitch.policy());
        counts("held_back", killSwitch.heldBack());
        json.writeEndObject();
    }

    private void tunnel(TunnelStatus tunnel) throws IOException {
        json.writeStartObject();
        json.writeStringField("interface", tunnel.interfaceName());
        json.writeStringField("source", tunnel.source());
        json.writeArrayFieldStart("peers");
        for (PeerStatus peer : tunnel.peers()) {
            peer(peer);
        }
        json.writeEndArray();
        DatapathStatistics datapath = tunnel.datapath();
        if (datapath != null) {
            datapath(datapath);
            NatStatistics nat = tunnel.nat();
            if (nat != null) {
                nat(nat, datapath.drops());
            }
        }
        json.writeEndObject();
    }

    private void peer(PeerStatus peer) throws IOException {
        json.writeStartObject();
        json.writeStringField("public_key", peer.publicKey());
        json.writeStringField("endpoint", peer.endpoint());
        json.writeBooleanField("connected", peer.connected());
        json.writeNumberField("handshake_age_seconds", peer.handshakeAgeSeconds());
        json.writeNumberField("handshakes", peer.handshakes());
        json.writeNumberField("rx_bytes", peer.rxBytes());
        json.writeNumberField("tx_bytes", peer.txBytes());
        json.writeNumberField("rx_packets", peer.rxPackets());
        json.writeNumberField("tx_packets", peer.txPackets());
        json.writeEndObject();
    }

    private void datapath(DatapathStatistics datapath) throws IOException {
        json.writeStringField("aead", datapath.aead());
        json.writeStringField("io", datapath.ioEngine());
        json.writeBooleanField("udp_segmentation", datapath.udpSegmentation());
        json.writeBooleanField("tun_coalescing", datapath.tunCoalescing());
        json.writeNumberField("tun_packets_written", datapath.tunPacketsWritten());
        json.writeNumberField("tun_super_packets_written", datapath.tunSuperPacketsWritten());
        json.writeNumberField("tun_packets_lost", datapath.tunPacketsLost());
        json.writeNumberField("handshakes_waiting", datapath.handshakesWaiting());
        json.writeNumberField("staged_bytes", datapath.stagedBytes());
        json.writeObjectFieldStart("drops");
        for (var drop : datapath.drops().entrySet()) {
            json.writeNumberField(drop.getKey().label(), drop.getValue());
        }
        json.writeEndObject();
    }

    private void nat(NatStatistics nat, Map<DropReason, Long> drops) throws IOException {
        json.writeObjectFieldStart("nat");
        json.writeNumberField("tcp_mappings", nat.tcp());
        json.writeNumberField("udp_mappings", nat.udp());
        json.writeNumberField("icmp_mappings", nat.icmp());
        json.writeNumberField("mappings_limit", nat.limits().mappings());
        json.writeNumberField("sessions", nat.sessions());
        json.writeNumberField("sessions_limit", nat.limits().sessions());
        json.writeNumberField("size_bytes", nat.sizeBytes());
        json.writeNumberField("translated_out", nat.translatedOut());
        json.writeNumberField("translated_in", nat.translatedIn());
        json.writeNumberField("over_quota", drops.getOrDefault(DropReason.NAT_OVER_QUOTA, 0L));
        json.writeNumberField("exhausted", drops.getOrDefault(DropReason.NAT_EXHAUSTED, 0L));
        json.writeEndObject();
    }

    private void process(ProcessStatus process) throws IOException {
        json.writeObjectFieldStart("process");
        json.writeNumberField("resident_bytes", process.residentBytes());
        json.writeObjectFieldStart("thread_seconds");
        for (Map.Entry<String, Double> thread : process.threadSeconds().entrySet()) {
            json.writeNumberField(thread.getKey(), thread.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeObjectFieldStart("connection_tracking");
        json.writeNumberField("entries", process.trackedFlows());
        json.writeNumberField("limit", process.trackedFlowsLimit());
        json.writeEndObject();
    }

    private void counts(String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }
}
