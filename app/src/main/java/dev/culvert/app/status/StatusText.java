package dev.culvert.app.status;

import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.datapath.nat.NatStatistics;
import dev.culvert.wg.packet.DropReason;
import java.util.Map;

/** A report for people. */
final class StatusText {
    private final StringBuilder text = new StringBuilder();

    private StatusText() {}

    static String of(StatusReport report) {
        StatusText text = new StatusText();
        text.line("state", report.state());
        if (!report.readiness().ready() && !report.state().equals(report.readiness().why())) {
            text.line("not ready", report.readiness().why());
        }
        text.line(
                "kill switch",
                report.killSwitch().level() + ", rules: " + report.killSwitch().policy());
        report.tunnels().forEach(text::tunnel);
        text.forwarding(report.process().forwardedPackets(), report.killSwitch().rejected());
        report.killSwitch()
                .heldBack()
                .forEach((reason, packets) -> text.line("held back", reason + " " + packets));
        report.problems().forEach(problem -> text.line("problem", problem));
        return text.text.toString();
    }

    private void tunnel(TunnelStatus tunnel) {
        line("interface", tunnel.interfaceName() + " (" + tunnel.source() + ")");
        DatapathStatistics datapath = tunnel.datapath();
        if (datapath != null) {
            line("crypto, I/O", datapath.aead() + ", " + datapath.ioEngine());
        }
        tunnel.peers().forEach(this::peer);
        if (datapath == null) {
            return;
        }
        NatStatistics nat = tunnel.nat();
        if (nat != null) {
            nat(nat, datapath.drops());
        }
        datapath.drops()
                .forEach((reason, packets) -> line("dropped", reason.label() + " " + packets));
    }

    private void nat(NatStatistics nat, Map<DropReason, Long> drops) {
        line(
                "nat",
                nat.tcp()
                        + " TCP, "
                        + nat.udp()
                        + " UDP, "
                        + nat.icmp()
                        + " ICMP mappings of at most "
                        + nat.limits().mappings());
        line(
                "  sessions",
                nat.sessions()
                        + " of at most "
                        + nat.limits().sessions()
                        + ", memory "
                        + (nat.sizeBytes() >> 10)
                        + " KiB");
        line("  translated", nat.translatedOut() + " out, " + nat.translatedIn() + " in");
        line(
                "  refused",
                drops.getOrDefault(DropReason.NAT_OVER_QUOTA, 0L)
                        + " of clients over their quota, "
                        + drops.getOrDefault(DropReason.NAT_EXHAUSTED, 0L)
                        + " as no port was left");
    }

    private void forwarding(long forwarded, long rejected) {
        if (forwarded > 0 || rejected > 0) {
            line("forwarded", Math.max(0, forwarded) + " packets, " + rejected + " rejected");
        }
    }

    private void peer(PeerStatus peer) {
        line("peer", peer.publicKey());
        line("  endpoint", peer.endpoint().isEmpty() ? "not known" : peer.endpoint());
        line(
                "  handshake",
                peer.handshakeAgeSeconds() < 0
                        ? "none yet"
                        : peer.handshakeAgeSeconds() + " s ago");
        line("  received", traffic(peer.rxBytes(), peer.rxPackets()));
        line("  sent", traffic(peer.txBytes(), peer.txPackets()));
    }

    private static String traffic(long bytes, long packets) {
        return packets < 0 ? bytes + " B" : bytes + " B in " + packets + " packets";
    }

    private void line(String name, String value) {
        text.append(String.format("%-12s %s%n", name + ":", value));
    }
}
