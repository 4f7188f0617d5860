package dev.culvert.tun.gro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Splitter and coalescer between two TUNs of the real kernel, under TCP. */
@Tag("netns")
class KernelOffloadTest {
    private static final int TRANSFER_BYTES = 48 << 20;

    private static long bitsPerSecond(CabledHosts hosts, String address) throws Exception {
        try (RunningProcess server = hosts.right.start("iperf3", "-s", "-1", "--forceflush")) {
            server.awaitOutput("Server listening", Duration.ofSeconds(10));
            String json = hosts.left.run("iperf3", "-c", address, "-t", "1", "-J");
            JsonNode end = new JsonMapper().readTree(json).get("end");
            return end.get("sum_received").get("bits_per_second").asLong();
        }
    }

    private static void assertNothingLost(CabledHosts hosts) {
        assertEquals(0, hosts.checksumErrors());
        for (TunCable cable : new TunCable[] {hosts.there, hosts.back}) {
            assertEquals(0, cable.rejections());
            assertEquals(0, cable.coalescer.packetsLost());
            assertEquals(0, cable.coalescer.superPacketsRefused());
        }
    }

    @ParameterizedTest(name = "vnet header {0}, gro {1}, to {2}")
    @CsvSource({
        "true,true,10.77.0.2", "true,true,fd77::2",
        "true,false,10.77.0.2", "true,false,fd77::2",
        "false,false,10.77.0.2", "false,false,fd77::2"
    })
    void carriesTcp(boolean vnetHeader, boolean gro, String address) throws Exception {
        try (CabledHosts hosts = new CabledHosts(vnetHeader, gro)) {
            long bits = bitsPerSecond(hosts, address);
            System.out.printf(
                    "TCP to %s, vnet header %b, gro %b: %.2f Gbit/s%n",
                    address, vnetHeader, gro, bits / 1e9);
            assertTrue(bits > 100_000_000, () -> bits + " bit/s");
            assertNothingLost(hosts);
            assertEquals(vnetHeader, hosts.there.readsOfSuperPackets.get() > 100);
            assertEquals(gro, hosts.there.coalescer.superPacketsWritten() > 100);
        }
    }

    /** CRCs of what was sent and of what arrived. */
    private static long[] transfer(CabledHosts hosts, String address) throws Exception {
        ServerSocket server = hosts.right.callInside(() -> new ServerSocket(0));
        CompletableFuture<Long> received =
                CompletableFuture.supplyAsync(() -> receiveAll(server), Thread::startVirtualThread);
        CRC32C sent = new CRC32C();
        InetAddress target = InetAddress.getByName(address);
        try (server;
                Socket socket =
                        hosts.left.callInside(() -> new Socket(target, server.getLocalPort()))) {
            OutputStream out = socket.getOutputStream();
            Random random = new Random(7);
            byte[] chunk = new byte[100_000];
            for (int total = 0; total < TRANSFER_BYTES; total += chunk.length) {
                random.nextBytes(chunk);
                sent.update(chunk);
                out.write(chunk);
            }
            socket.shutdownOutput();
            return new long[] {sent.getValue(), received.get()};
        }
    }

    private static long receiveAll(ServerSocket server) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            CRC32C crc = new CRC32C();
            byte[] chunk = new byte[65_536];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                crc.update(chunk, 0, n);
            }
            return crc.getValue();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CabledHosts.RIGHT_V4, CabledHosts.RIGHT_V6})
    void deliversEveryByte(String address) throws Exception {
        try (CabledHosts hosts = new CabledHosts(true, true)) {
            long[] crcs = transfer(hosts, address);
            assertEquals(crcs[0], crcs[1]);
            assertNothingLost(hosts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CabledHosts.RIGHT_V4, CabledHosts.RIGHT_V6})
    void leavesCorruptedSegmentsForTheKernelToFind(String address) throws Exception {
        try (CabledHosts hosts = new CabledHosts(true, true)) {
            hosts.there.corruptEvery = 997;
            long[] crcs = transfer(hosts, address);
            assertEquals(crcs[0], crcs[1]);
            assertTrue(hosts.there.coalescer.superPacketsWritten() > 100);
            assertTrue(hosts.checksumErrors() > 10, () -> "found " + hosts.checksumErrors());
        }
    }

    @Test
    void answersPings() throws Exception {
        try (CabledHosts hosts = new CabledHosts(true, true)) {
            for (String address : new String[] {CabledHosts.RIGHT_V4, CabledHosts.RIGHT_V6}) {
                hosts.left.run("ping", "-c", "3", "-i", "0.05", "-W", "2", address);
                hosts.left.run("ping", "-c", "3", "-i", "0.05", "-W", "2", "-s", "4000", address);
            }
            assertNothingLost(hosts);
            assertTrue(hosts.there.packets.get() >= 12);
        }
    }
}
