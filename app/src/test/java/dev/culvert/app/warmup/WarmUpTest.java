package dev.culvert.app.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
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
        try (PacketRun run = PacketRun.open(SETTINGS, aead)) {
            assertTrue(run.movePackets(200, () -> false) >= 200);
            run.replaceSession();
            assertTrue(run.movePackets(200, () -> false) >= 200);
            assertTrue(run.moveAlone(50, () -> false) >= 50);
        }
    }

    @Test
    void leavesNeitherThreadsNorDescriptorsBehind() throws Exception {
        move50(() -> false); // what the JVM opens once
        Set<String> threadsBefore = threads();
        List<String> descriptorsBefore = descriptors();
        move50(() -> false);
        assertEquals(threadsBefore, threads());
        assertEquals(descriptorsBefore, descriptors());
    }

    @Test
    void stopsWhileTheTunnelIsBusyAndComesBackForLonePackets() throws Exception {
        AtomicBoolean busy = new AtomicBoolean();
        AtomicLong packets = new AtomicLong();
        WarmUp warmUp = WarmUp.start(SETTINGS, () -> aead);
        warmUp.watch(() -> packets.addAndGet(busy.get() ? 1000 : 0));
        await(() -> threads().size() > 1, "no packets are moved");
        busy.set(true);
        await(() -> threads().equals(Set.of("warm-up")), "packets are still moved");
        busy.set(false);
        await(() -> threads().size() > 1, "no lone packets are moved");
        assertTrue(warmUp.join(Duration.ofSeconds(20)), "still running");
        assertEquals(Set.of(), threads());
    }

    private static void await(BooleanSupplier condition, String otherwise) throws Exception {
        for (int i = 0; i < 2000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(5);
        }
        fail(otherwise);
    }

    private void move50(BooleanSupplier enough) throws Exception {
        try (PacketRun run = PacketRun.open(SETTINGS, aead)) {
            run.movePackets(50, enough);
        }
    }

    @Test
    void hearsNobodyBeyondTheLoopbackAddresses() throws Exception {
        Set<String> before = udpSockets();
        Set<String> during = new TreeSet<>();
        move50(() -> {
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
