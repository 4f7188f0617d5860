package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.Veth;
import dev.culvert.wg.uapi.PeerSnapshot;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A data path at one end, wireguard-go at the other. */
@Tag("netns")
@Timeout(120)
final class InteropTest {
    @ParameterizedTest
    @CsvSource({
        "syscalls, 10.80.0.1, 10.80.0.2, true",
        "io_uring, 10.80.0.1, 10.80.0.2, false",
        "auto, fd80::1, fd80::2, false"
    })
    void speaksWithWireguardGo(String engine, String here, String there, boolean weBegin)
            throws Exception {
        DatapathSettings defaults = DatapathSettings.defaults();
        DatapathSettings settings =
                new DatapathSettings(
                        engine, defaults.tunGro(), defaults.udpOffload(), defaults.addresses());
        try (NetworkNamespace left = NetworkNamespace.create("datapath");
                NetworkNamespace right = NetworkNamespace.create("datapath")) {
            Veth.connect(left, "10.80.0.1/24", right, "10.80.0.2/24")
                    .addAddresses("fd80::1/64", "fd80::2/64");
            try (TunnelEnd ours = TunnelEnd.open(left, 1420, settings);
                    WireguardGo theirs =
                            new WireguardGo(right, 1420, "10.81.0.2/24", "fd81::2/64")) {
                ours.up("10.81.0.1/24", "fd81::1/64");
                ours.peer(
                        theirs.publicKey(), there, theirs.port(), 0, "10.81.0.2/32", "fd81::2/128");
                String endpoint = here.contains(":") ? "[" + here + "]" : here;
                theirs.peer(
                        ours.publicKey(), endpoint + ":" + ours.port(), "10.81.0.1/32,fd81::1/128");
                if (weBegin) {
                    left.run("ping", "-c10", "-i0.05", "-W5", "10.81.0.2");
                } else {
                    right.run("ping", "-c10", "-i0.05", "-W5", "10.81.0.1");
                }
                PeerSnapshot peer =
                        Objects.requireNonNull(ours.datapath.snapshot().peers().getFirst());
                // 10 pings of 128 bytes and a handshake; who began sent 148, the other 92 bytes.
                assertEquals(10L * 128 + (weBegin ? 148 : 92), peer.txBytes());
                long received = 10L * 128 + (weBegin ? 92 : 148);
                // A responder's first packet may be preceded by the initiator's keepalive.
                assertTrue(
                        peer.rxBytes() == received || peer.rxBytes() == received + 32,
                        peer.rxBytes() + " bytes received");

                left.run("ping", "-c2", "-i0.1", "-W5", "fd81::2");
                Iperf.transfer(left, right, "10.81.0.2", "50M");
                Iperf.transfer(left, right, "10.81.0.2", "50M", "-R");
                Iperf.transfer(left, right, "fd81::2", "20M");
                assertEquals(0, ours.datapath.statistics().tunPacketsLost());
            }
        }
    }
}
