package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real Prometheus beside the sidecar. */
@Tag("netns")
final class PrometheusTest {
    @AutoClose private final SidecarLab lab = new SidecarLab();

    @Test
    void scrapesTheSidecarAndFindsNothingToComplainAbout() throws Exception {
        lab.connect();
        lab.assertReaches(SidecarLab.PEER);
        Path rules = Path.of("../deploy/prometheus/alerts.yaml").toAbsolutePath().normalize();
        Path config =
                Files.writeString(
                        lab.folder.resolve("prometheus.yml"),
                        """
                        global: {scrape_interval: 1s}
                        rule_files: [%s]
                        scrape_configs:
                          - job_name: culvert
                            static_configs: [{targets: ["127.0.0.1:9586"]}]
                        """
                                .formatted(rules));
        lab.inside.start(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + lab.folder.resolve("data"),
                "--web.listen-address=127.0.0.1:9599");

        NetworkNamespace.await(
                Dist.PATIENCE,
                () -> query("culvert_peer_received_bytes_total").contains("=> "),
                () -> "nothing was scraped: " + query("up"));
        assertTrue(query("culvert_ready").contains("=> 1 "), query("culvert_ready"));
        assertTrue(query("culvert_killswitch_level").contains("=> 2 "));
        assertTrue(query("culvert_peer_handshakes_total").contains("=> 1 "));
        // A handshake and a ping.
        assertTrue(packets("sent") >= 2 && packets("received") >= 2, query("up"));
        assertTrue(query("up").contains("=> 1 "));

        Execution lint =
                lab.inside.exec(
                        "sh",
                        "-c",
                        "promtool query instant http://127.0.0.1:9599 up >/dev/null"
                                + " && perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("
                                + "\"127.0.0.1:9586\"); print $s \"GET /metrics HTTP/1.0\\r\\n\\r\\n\";"
                                + " local $/; ($_ = <$s>) =~ s/^.*?\\r\\n\\r\\n//s; print'"
                                + " | promtool check metrics");
        assertEquals(0, lint.exitCode(), lint.output());
    }

    private double packets(String direction) {
        return Double.parseDouble(
                query("culvert_peer_" + direction + "_packets_total")
                        .replaceAll("(?s).*=> ([0-9.]+) .*", "$1"));
    }

    private String query(String metric) {
        return lab.inside
                .exec("promtool", "query", "instant", "http://127.0.0.1:9599", metric)
                .output();
    }
}
