package dev.culvert.app.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.datapath.DatapathSettings;
import dev.culvert.datapath.udp.UdpAddresses;
import dev.culvert.wg.aead.AeadProvider;
import dev.culvert.wg.aead.AeadProviders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
    private static final DatapathSettings SETTINGS =
            new DatapathSettings(
                    "syscalls",
                    true,
                    DatapathSettings.defaults().udpOffload(),
                    UdpAddresses.LOOPBACK);

    private final AeadProvider aead = AeadProviders.select(AeadProviders.AUTO);

    @Test
    void packetsOfEveryKindArrive() throws Exception {
        assertTrue(PacketRun.run(SETTINGS, aead, 200, () -> false) >= 200);
    }

    @Test
    void leavesNeitherThreadsNorDescriptorsBehind() throws Exception {
        PacketRun.run(SETTINGS, aead, 50, () -> false); // what the JVM opens once
        Set<String> threadsBefore = threads();
        List<String> descriptorsBefore = descriptors();
        PacketRun.run(SETTINGS, aead, 50, () -> false);
        assertEquals(threadsBefore, threads());
        assertEquals(descriptorsBefore, descriptors());
    }

    @Test
    void endsAtOnceWhenTheTunnelIsBusy() throws Exception {
        WarmUp warmUp = WarmUp.start(SETTINGS, () -> aead);
        warmUp.watch(() -> Long.MAX_VALUE);
        assertTrue(warmUp.join(Duration.ofSeconds(20)), "still running");
    }

    @Test
    void hearsNobodyBeyondTheLoopbackAddresses() throws Exception {
        Set<String> before = udpSockets();
        Set<String> during = new TreeSet<>();
        PacketRun.run(
                SETTINGS,
                aead,
                50,
                () -> {
                    during.addAll(udpSockets());
                    return false;
                });
        during.removeAll(before);
        assertFalse(during.isEmpty());
        for (String local : during) {
            assertTrue(local.startsWith("0100007F:"), local);
        }
    }

    /**
     * Local address and port of each IPv4 UDP socket of this namespace, as the kernel prints it.
     */
    private static Set<String> udpSockets() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/net/udp"))) {
            return lines.skip(1)
                    .map(line -> line.strip().split("\\s+", -1)[1])
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("(home|inbound|outbound|warm-up).*"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(Path::toString).sorted().toList();
        }
    }
}
