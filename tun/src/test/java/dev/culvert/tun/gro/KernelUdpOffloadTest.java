package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.culvert.tun.netns.RunningProcess;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Splitter and coalescer between two TUNs of the real kernel, under UDP. */
@Tag("netns")
class KernelUdpOffloadTest {
    @ParameterizedTest(name = "to {0}, gro {1}")
    @CsvSource({"10.77.0.2,true", "fd77::2,true", "10.77.0.2,false", "fd77::2,false"})
    void deliversWhatASenderHadSegmented(String address, boolean gro) throws Exception {
        try (CabledHosts hosts = new CabledHosts(true, gro)) {
            SegmentedUdp.assertArrives(hosts.left, hosts.right, address);
            assertEquals(0, hosts.checksumErrors());
            assertEquals(0, hosts.there.rejections());
            assertEquals(0, hosts.there.coalescer.packetsLost());
            assertEquals(0, hosts.there.coalescer.superPacketsRefused());
            int bursts = hosts.udpSegmentation() ? SegmentedUdp.BURSTS : 0;
            assertEquals(bursts, hosts.there.readsOfUdpSuperPackets.get());
            hosts.there.awaitSuperPackets(gro ? bursts : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CabledHosts.RIGHT_V4, CabledHosts.RIGHT_V6})
    void carriesIperf(String address) throws Exception {
        try (CabledHosts hosts = new CabledHosts(true, true);
                RunningProcess server = hosts.right.start("iperf3", "-s", "-1", "--forceflush")) {
            server.awaitOutput("Server listening", Duration.ofSeconds(10));
            String json =
                    hosts.left.run(
                            "iperf3", "-c", address, "-u", "-b", "20M", "-l", "1300", "-t", "1",
                            "-J");
            JsonNode sum = new JsonMapper().readTree(json).get("end").get("sum");
            assertTrue(sum.get("packets").asLong() > 1000, sum::toString);
            assertTrue(sum.get("lost_percent").asDouble() < 30, sum::toString);
            assertEquals(0, hosts.checksumErrors());
            assertEquals(0, hosts.there.rejections());
            assertEquals(0, hosts.there.coalescer.packetsLost());
        }
    }
}
