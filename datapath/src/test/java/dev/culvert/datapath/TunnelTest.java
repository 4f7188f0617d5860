package dev.culvert.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.datapath.udp.UdpOffload;
import dev.culvert.tun.TunOffload;
import dev.culvert.tun.gro.SegmentedUdp;
import dev.culvert.wg.packet.DropReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two data paths, handshakes and all, over a virtual cable. */
@Tag("netns")
@Timeout(120)
final class TunnelTest {
    private static DatapathSettings io(String engine) {
        return new DatapathSettings(engine, true, new UdpOffload(true, true), UdpAddresses.ANY);
    }

    private static Map<DropReason, Long> drops(TunnelEnd end) {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        drops.putAll(end.datapath.statistics().drops());
        // Router solicitations of the host.
        drops.remove(DropReason.NO_PEER);
        return drops;
    }

    private static void ping(TunnelPair pair) {
        pair.leftSpace.run("ping", "-c2", "-i0.1", "-W5", "10.81.0.2");
        pair.rightSpace.run("ping", "-c2", "-i0.1", "-W5", "fd81::1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"syscalls", "io_uring"})
    void carriesBothFamiliesOverEachEngine(String engine) throws Exception {
        try (TunnelPair pair = TunnelPair.open(1420, io(engine))) {
            ping(pair);
            assertEquals(Map.of(), drops(pair.left));
            assertEquals(Map.of(), drops(pair.right));
            assertEquals(engine, pair.left.datapath.statistics().ioEngine());
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "10.81.0.2", "100M");
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "fd81::2", "50M", "-R");
            DatapathStatistics right = pair.right.datapath.statistics();
            assertTrue(right.tunSuperPacketsWritten() > 0, right::toString);
            assertEquals(0, right.tunSuperPacketsRefused(), right::toString);
            assertEquals(0, right.tunPacketsLost(), right::toString);
            assertEquals(0, pair.left.datapath.statistics().udpSegmentationRefusals());
            assertTrue(pair.left.failures.isEmpty(), pair.left.failures::toString);
        }
    }

    @Test
    void carriesPacketsOverIpv6Outside() throws Exception {
        try (TunnelPair pair = TunnelPair.open(1420, io("auto"))) {
            pair.introduce("fd80::1", "fd80::2");
            ping(pair);
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "10.81.0.2", "50M");
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "fd81::2", "50M", "-R");
            assertTrue(pair.left.datapath.statistics().udpSegmentation());
        }
    }

    /** Outside 1500: from 1440 on, packets are fragmented outside, and UDP_SEGMENT is refused. */
    @ParameterizedTest
    @CsvSource({"1280, true", "1420, true", "9000, false", "34736, false"})
    void carriesPacketsOfAnyMtu(int mtu, boolean segmentation) throws Exception {
        try (TunnelPair pair = TunnelPair.open(mtu, io("auto"))) {
            ping(pair);
            String payload = Integer.toString(mtu - 28);
            pair.leftSpace.run(
                    "ping", "-c2", "-i0.1", "-W5", "-M", "do", "-s", payload, "10.81.0.2");
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "10.81.0.2", "20M");
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "fd81::2", "20M", "-R");
            DatapathStatistics left = pair.left.datapath.statistics();
            assertEquals(segmentation, left.udpSegmentation(), left::toString);
            assertEquals(segmentation, left.udpSegmentationRefusals() == 0, left::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, true, true, true",
        "true, false, true, true",
        "true, true, false, true",
        "true, true, true, false",
        "false, false, false, false"
    })
    void worksWithEachOffloadSwitchedOff(
            boolean vnetHeader, boolean tunGro, boolean udpGso, boolean udpGro) throws Exception {
        DatapathSettings settings =
                new DatapathSettings(
                        "auto", tunGro, new UdpOffload(udpGso, udpGro), UdpAddresses.ANY);
        TunOffload tunOffload = new TunOffload(vnetHeader, tunGro);
        try (TunnelPair pair = TunnelPair.open(1420, 1500, tunOffload, settings)) {
            ping(pair);
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "10.81.0.2", "20M");
            Iperf.transfer(pair.leftSpace, pair.rightSpace, "fd81::2", "20M", "-R");
            DatapathStatistics right = pair.right.datapath.statistics();
            assertEquals(vnetHeader, right.tunVnetHeader());
            assertEquals(vnetHeader && tunGro, right.tunSuperPacketsWritten() > 0, right::toString);
            assertEquals(udpGso, right.udpSegmentation());
        }
    }

    @Test
    void carriesUdpSuperPackets() throws Exception {
        try (TunnelPair pair = TunnelPair.open(1420, io("auto"))) {
            // One burst at a time: what nobody holds back may be lost on a busy machine.
            SegmentedUdp.assertArrives(pair.leftSpace, pair.rightSpace, "10.81.0.2");
            DatapathStatistics right = pair.right.datapath.statistics();
            assertEquals(
                    pair.left.tun.udpSegmentation(),
                    right.tunSuperPacketsWritten() > 0,
                    right::toString);
        }
    }

    @Test
    void tellsWhenTheTunIsDeleted() throws Exception {
        try (TunnelPair pair = TunnelPair.open(1420, io("auto"))) {
            ping(pair);
            pair.leftSpace.run("ip", "link", "del", "wg0");
            String failure = pair.left.failures.poll(10, TimeUnit.SECONDS);
            assertTrue("tun gone 77".equals(failure) || "deleted".equals(failure), failure);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"syscalls", "io_uring"})
    void closingLeavesNoDescriptorAndNoThreadBehind(String engine) throws Exception {
        try (TunnelPair warm = TunnelPair.open(1420, io(engine))) {
            ping(warm);
        }
        long descriptors = descriptors();
        int threads = Thread.activeCount();
        for (int i = 0; i < 3; i++) {
            try (TunnelPair pair = TunnelPair.open(1420, io(engine))) {
                ping(pair);
            }
        }
        assertEquals(descriptors, descriptors());
        assertFalse(Thread.activeCount() > threads);
    }

    private static long descriptors() throws Exception {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }
}
