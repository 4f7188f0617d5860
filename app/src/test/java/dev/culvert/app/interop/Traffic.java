package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Traffic from one namespace to another, every byte of it checked. */
final class Traffic {
    private static final int TIMEOUT_MS = 15_000;

    private Traffic() {}

    /** One ping that must be answered; it may wait for a handshake. */
    static void ping(NetworkNamespace from, String address) {
        from.run("ping", "-n", "-c1", "-W5", address);
    }

    /** Whether one ping is answered within a second. */
    static boolean pings(NetworkNamespace from, String address) {
        return from.exec("ping", "-n", "-c1", "-W1", address).exitCode() == 0;
    }

    /** Pings until an answer comes: a link that has just been made takes its time. */
    static void awaitPing(NetworkNamespace from, String address) {
        NetworkNamespace.await(
                Duration.ofSeconds(10),
                () -> pings(from, address),
                () -> "no answer from " + address);
    }

    /**
     * As fast as answers come; each must come. ping itself waits for the last ones no longer than
     * twice the longest round trip, so the kernel is asked how many have come.
     */
    static void floodPing(NetworkNamespace from, String address, int count) {
        long before = echoReplies(from);
        Execution ping = from.exec("ping", "-n", "-q", "-f", "-W5", "-c" + count, address);
        assertTrue(ping.output().contains(count + " packets transmitted"), ping.output());
        NetworkNamespace.await(
                Duration.ofMillis(TIMEOUT_MS),
                () -> echoReplies(from) >= before + count,
                () -> echoReplies(from) - before + " answers: " + ping.output());
    }

    /** Answers to pings that the namespace has received, by both IP versions. */
    private static long echoReplies(NetworkNamespace namespace) {
        return namespace
                .run("nstat", "-asz", "IcmpInEchoReps", "Icmp6InEchoReplies")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]))
                .sum();
    }

    /** One packet of exactly this many bytes with its IP header, which must not be fragmented. */
    static void pingWithSize(NetworkNamespace from, String address, int ipBytes) {
        int headers = address.contains(":") ? 48 : 28;
        String payload = Integer.toString(ipBytes - headers);
        from.run("ping", "-n", "-c1", "-W5", "-Mdo", "-s" + payload, address);
    }

    /** Sends pseudo-random bytes over one TCP connection, first there, then back, and compares. */
    static void tcp(NetworkNamespace client, NetworkNamespace server, String address, int bytes)
            throws Exception {
        byte[] there = random(bytes, 1);
        byte[] back = random(bytes, 2);
        try (ServerSocket listener =
                server.callInside(() -> {
                    ServerSocket socket = new ServerSocket();
                    socket.bind(new InetSocketAddress(address, 0));
                    socket.setSoTimeout(TIMEOUT_MS);
                    return socket;
                })) {
            FutureTask<byte[]> serving =
                    start(() -> {
                        try (Socket socket = listener.accept()) {
                            socket.setSoTimeout(TIMEOUT_MS);
                            byte[] read = socket.getInputStream().readNBytes(bytes);
                            socket.getOutputStream().write(back);
                            return read;
                        }
                    });
            byte[] answer =
                    client.callInside(() -> {
                        try (Socket socket = new Socket()) {
                            socket.setSoTimeout(TIMEOUT_MS);
                            socket.connect(
                                    new InetSocketAddress(address, listener.getLocalPort()),
                                    TIMEOUT_MS);
                            socket.getOutputStream().write(there);
                            return socket.getInputStream().readNBytes(bytes);
                        }
                    });
            assertArrayEquals(there, serving.get(TIMEOUT_MS, TimeUnit.MILLISECONDS));
            assertArrayEquals(back, answer);
        }
    }

    /** Datagrams of these payload sizes, one after the other, that come back as they were. */
    static void udpEcho(
            NetworkNamespace client,
            NetworkNamespace server,
            String address,
            int from,
            int to,
            int step)
            throws Exception {
        try (DatagramSocket echo =
                server.callInside(() -> new DatagramSocket(new InetSocketAddress(address, 0)))) {
            FutureTask<Boolean> echoing = start(() -> echo(echo));
            int port = echo.getLocalPort();
            try (DatagramSocket socket = client.callInside(() -> new DatagramSocket())) {
                socket.setSoTimeout(TIMEOUT_MS);
                socket.connect(InetAddress.getByName(address), port);
                for (int size = from; size <= to; size += step) {
                    byte[] sent = random(size, size);
                    socket.send(new DatagramPacket(sent, size));
                    assertArrayEquals(sent, receive(socket, size));
                }
            }
            echoing.cancel(true);
        }
    }

    private static boolean echo(DatagramSocket socket) throws IOException {
        byte[] buf = new byte[65536];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buf, buf.length);
            socket.receive(packet);
            socket.send(packet);
        }
        return true;
    }

    private static byte[] receive(DatagramSocket socket, int size) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[65536], 65536);
        try {
            socket.receive(answer);
        } catch (SocketTimeoutException silence) {
            throw new AssertionError("no answer to a datagram of " + size + " bytes", silence);
        }
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    /** One datagram that must arrive; it may wait for a handshake. */
    static void assertDatagramArrives(NetworkNamespace from, NetworkNamespace to, String address)
            throws Exception {
        assertTrue(datagramArrives(from, to, address, 5000), "no datagram at " + address);
    }

    /** One datagram that must not arrive, not within a second. */
    static void assertDatagramIsDropped(NetworkNamespace from, NetworkNamespace to, String address)
            throws Exception {
        assertFalse(datagramArrives(from, to, address, 1000), "a datagram at " + address);
    }

    private static boolean datagramArrives(
            NetworkNamespace from, NetworkNamespace to, String address, int timeoutMs)
            throws Exception {
        try (DatagramSocket receiver =
                to.callInside(() -> new DatagramSocket(new InetSocketAddress(address, 0)))) {
            receiver.setSoTimeout(timeoutMs);
            byte[] sent = {'X'};
            InetSocketAddress destination = new InetSocketAddress(address, receiver.getLocalPort());
            from.callInside(() -> {
                try (DatagramSocket sender = new DatagramSocket()) {
                    sender.send(new DatagramPacket(sent, 1, destination));
                    return true;
                }
            });
            DatagramPacket packet = new DatagramPacket(new byte[16], 16);
            receiver.receive(packet);
            assertEquals(1, packet.getLength());
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    /** iperf3 from client to server for a while; the arguments are the client's. */
    static String iperf3(
            NetworkNamespace client, NetworkNamespace server, String address, String... arguments) {
        try (RunningProcess listener =
                server.start("iperf3", "--server", "--one-off", "--forceflush", "-B", address)) {
            listener.awaitOutput("listening", Duration.ofSeconds(5));
            String[] command = new String[arguments.length + 5];
            System.arraycopy(
                    new String[] {"iperf3", "--client", address, "--connect-timeout", "5000"},
                    0,
                    command,
                    0,
                    5);
            System.arraycopy(arguments, 0, command, 5, arguments.length);
            String output = client.run(command);
            Execution served = listener.await(Duration.ofSeconds(10));
            assertEquals(0, served.exitCode(), served.output());
            return output;
        }
    }

    private static <T> FutureTask<T> start(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().daemon().name("traffic").start(future);
        return future;
    }

    private static byte[] random(int bytes, int seed) {
        byte[] array = new byte[bytes];
        new Random(seed).nextBytes(array);
        return array;
    }
}
