package dev.culvert.app.sidecar;

import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Tells each client the address that it is seen from. */
final class TcpService implements AutoCloseable {
    private final ServerSocket listening;

    TcpService(NetworkNamespace namespace, int port) throws Exception {
        listening = namespace.callInside(() -> new ServerSocket(port));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    private void serve() {
        while (true) {
            try (Socket client = listening.accept()) {
                String seen = client.getInetAddress().getHostAddress();
                client.getOutputStream().write(seen.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                if (listening.isClosed()) {
                    return;
                }
            }
        }
    }

    /** What the service says; empty: it cannot be reached. */
    static String ask(NetworkNamespace from, String source, String address, int port)
            throws Exception {
        return from.callInside(() -> {
            try (Socket socket = new Socket()) {
                if (!source.isEmpty()) {
                    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
                }
                socket.setSoTimeout(2000);
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), 2000);
                return new String(
                        socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            } catch (IOException refused) {
                return "";
            }
        });
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
