package dev.culvert.app.metrics;

import dev.culvert.app.status.KillSwitchReport;
import dev.culvert.app.status.PeerStatus;
import dev.culvert.app.status.ProcessStatus;
import dev.culvert.app.status.StatusReport;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.datapath.nat.NatStatistics;
import dev.culvert.wg.packet.DropReason;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;

/** Reports as metrics. */
public final class Metrics {
    /** Of the text that {@link #of} returns. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String BYTES = "bytes";
    private static final String SECONDS = "seconds";
    private static final List<String> LAYERS = List.of("none", "L1", "L2");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Readings readings = new Readings(registry);

    /** Without values; they come with the first report. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
    }

    /** All metrics of this report, in Prometheus' text format. */
    public synchronized String of(StatusReport report) {
        readings.begin();
        sidecar(report);
        killSwitch(report.killSwitch());
        report.tunnels().forEach(this::tunnel);
        process(report.process());
        readings.end();
        return registry.scrape(CONTENT_TYPE);
    }

    private void sidecar(StatusReport report) {
        gauge("build.info", "The version of the program.", Tags.of("version", report.version()), 1);
        gauge(
                "ready",
                "Whether the kill switch is armed and every tunnel was heard of lately.",
                Tags.empty(),
                report.readiness().ready() ? 1 : 0);
        gauge(
                "connected",
                "Whether a session is there and answers.",
                Tags.empty(),
                report.exitStatus() == 0 ? 1 : 0);
        readings.gauge(
                "culvert.uptime",
                SECONDS,
                "Since the start of the process.",
                Tags.empty(),
                report.uptimeSeconds());
    }

    private void killSwitch(KillSwitchReport killSwitch) {
        gauge(
                "killswitch.level",
                "How far the rules reach: 0 nothing, 1 all sockets, 2 raw ones too.",
                Tags.empty(),
                Math.max(0, LAYERS.indexOf(killSwitch.level())));
        gauge(
                "killswitch.routes",
                "Whether packets find no route beside the tunnel.",
                Tags.empty(),
                killSwitch.routes() ? 1 : 0);
        gauge(
                "killswitch.policy.info",
                "The state that the rules are for.",
                Tags.of("policy", killSwitch.policy()),
                1);
        killSwitch
                .heldBack()
                .forEach((rule, packets) ->
                        counter(
                                "killswitch.held.back.packets",
                                "Packets that the rules did not let through.",
                                Tags.of("rule", rule),
                                packets));
    }

    private void tunnel(TunnelStatus tunnel) {
        Tags tags = Tags.of("interface", tunnel.interfaceName());
        tunnel.peers().forEach(peer -> peer(tags.and("public_key", peer.publicKey()), peer));
        DatapathStatistics datapath = tunnel.datapath();
        if (datapath != null) {
            datapath(tags, datapath);
            NatStatistics nat = tunnel.nat();
            if (nat != null) {
                nat(tags, nat, datapath.drops());
            }
        }
    }

    private void datapath(Tags tags, DatapathStatistics datapath) {
        gauge(
                "tunnel.info",
                "What the tunnel works with.",
                tags.and("aead", datapath.aead(), "io", datapath.ioEngine()),
                1);
        datapath.drops()
                .forEach((reason, packets) ->
                        counter(
                                "dropped.packets",
                                "Packets that were not passed on.",
                                tags.and("reason", reason.label()),
                                packets));
        counter(
                "tun.written.packets",
                "Packets from peers that were handed to the kernel.",
                tags,
                datapath.tunPacketsWritten());
        counter(
                "tun.written.super.packets",
                "Writes that handed over several packets at once.",
                tags,
                datapath.tunSuperPacketsWritten());
        counter(
                "tun.lost.packets",
                "Packets from peers that the kernel refused.",
                tags,
                datapath.tunPacketsLost());
        counter(
                "tun.refused.super.packets",
                "Writes of several packets that the kernel refused and that were repeated in parts.",
                tags,
                datapath.tunSuperPacketsRefused());
        counter(
                "unreachable.answers",
                "ICMP errors told to programs whose packets had nowhere to go.",
                tags,
                datapath.unreachableAnswers());
        counter(
                "udp.segmentation.refusals",
                "How often the kernel refused to split a run of datagrams.",
                tags,
                datapath.udpSegmentationRefusals());
        gauge(
                "udp.segmentation",
                "Whether the kernel splits runs of datagrams.",
                tags,
                datapath.udpSegmentation() ? 1 : 0);
        gauge(
                "handshake.queue.messages",
                "Handshake messages that wait.",
                tags,
                datapath.handshakesWaiting());
        readings.gauge(
                "culvert.staged",
                BYTES,
                "Packets that wait for a session.",
                tags,
                datapath.stagedBytes());
    }

    private void nat(Tags tags, NatStatistics nat, Map<DropReason, Long> drops) {
        Map.of("tcp", nat.tcp(), "udp", nat.udp(), "icmp", nat.icmp())
                .forEach((protocol, mappings) ->
                        gauge(
                                "nat.mappings",
                                "Ports of the tunnel's address that translation has given away.",
                                tags.and("protocol", protocol),
                                mappings));
        gauge(
                "nat.limit.mappings",
                "How many there may be, of all protocols together.",
                tags,
                nat.limits().mappings());
        gauge("nat.sessions", "Pairs of a mapping and who it sent to.", tags, nat.sessions());
        gauge("nat.limit.sessions", "How many there may be.", tags, nat.limits().sessions());
        readings.gauge("culvert.nat.table", BYTES, "Memory of the table.", tags, nat.sizeBytes());
        Map.of("out", nat.translatedOut(), "in", nat.translatedIn())
                .forEach((direction, packets) ->
                        counter(
                                "nat.translated.packets",
                                "Packets that got another address; super-packets count once.",
                                tags.and("direction", direction),
                                packets));
        for (DropReason reason : List.of(DropReason.NAT_OVER_QUOTA, DropReason.NAT_EXHAUSTED)) {
            counter(
                    "nat.refused.packets",
                    "Packets of clients for which there was no port.",
                    tags.and("reason", reason.label().replaceFirst("^nat-", "")),
                    drops.getOrDefault(reason, 0L));
        }
    }

    private void peer(Tags tags, PeerStatus peer) {
        readings.counter(
                "culvert.peer.received",
                BYTES,
                "UDP payload from the peer that was authentic.",
                tags,
                peer.rxBytes());
        readings.counter(
                "culvert.peer.sent", BYTES, "UDP payload to the peer.", tags, peer.txBytes());
        counter(
                "peer.received.packets",
                "Datagrams from the peer that were authentic.",
                tags,
                peer.rxPackets());
        counter("peer.sent.packets", "Datagrams to the peer.", tags, peer.txPackets());
        counter("peer.handshakes", "Completed handshakes.", tags, peer.handshakes());
        gauge("peer.connected", "Whether the peer answers.", tags, peer.connected() ? 1 : 0);
        if (peer.handshakeAgeSeconds() >= 0) {
            readings.gauge(
                    "culvert.peer.handshake.age",
                    SECONDS,
                    "Since the last handshake; missing before the first.",
                    tags,
                    peer.handshakeAgeSeconds());
        }
    }

    private void process(ProcessStatus process) {
        readings.gauge(
                "process.resident.memory",
                BYTES,
                "Memory of the process that is in RAM.",
                Tags.empty(),
                process.residentBytes());
        process.threadSeconds()
                .forEach((thread, seconds) ->
                        readings.counter(
                                "culvert.thread.cpu",
                                SECONDS,
                                "CPU time; its rate is how busy a shard's direction is.",
                                Tags.of("thread", thread),
                                seconds));
        if (process.forwardedPackets() >= 0) {
            counter(
                    "forwarded.packets",
                    "Packets that the kernel passed from one link to another.",
                    Tags.empty(),
                    process.forwardedPackets());
        }
        if (process.trackedFlows() >= 0) {
            gauge(
                    "conntrack.entries",
                    "Flows that connection tracking knows, for address translation too.",
                    Tags.empty(),
                    process.trackedFlows());
            gauge(
                    "conntrack.limit.entries",
                    "How many there may be.",
                    Tags.empty(),
                    process.trackedFlowsLimit());
        }
    }

    private void gauge(String name, String help, Tags tags, Number value) {
        readings.gauge("culvert." + name, null, help, tags, value);
    }

    private void counter(String name, String help, Tags tags, Number value) {
        readings.counter("culvert." + name, null, help, tags, value);
    }
}
