package dev.culvert.app.sidecar;

import dev.culvert.tun.netns.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every question for IPv4 addresses with the same ones, and other questions with none. */
final class DnsService implements AutoCloseable {
    private final DatagramSocket socket;
    private final ServerSocket streams;
    private final boolean cut;
    private final List<InetAddress> addresses;
    private final AtomicInteger questions = new AtomicInteger();

    DnsService(NetworkNamespace namespace, List<String> addresses) throws Exception {
        this(namespace, addresses, false);
    }

    /**
     * @param cut datagrams say that the answer has no room in them, and it goes over TCP
     */
    DnsService(NetworkNamespace namespace, List<String> addresses, boolean cut) throws Exception {
        this.addresses = addresses.stream().map(InetAddress::ofLiteral).toList();
        this.cut = cut;
        socket = namespace.callInside(() -> new DatagramSocket(53));
        streams = namespace.callInside(() -> new ServerSocket(53));
        Thread.ofPlatform().daemon().start(this::serve);
        Thread.ofPlatform().daemon().start(this::serveStreams);
    }

    /** In small pieces, as a stream may come. */
    private void serveStreams() {
        while (true) {
            try (Socket stream = streams.accept()) {
                DataInputStream in = new DataInputStream(stream.getInputStream());
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), false);
                OutputStream out = stream.getOutputStream();
                for (byte b : new byte[] {(byte) (answer.length >> 8), (byte) answer.length}) {
                    out.write(b);
                    out.flush();
                }
                out.write(answer, 0, 5);
                out.flush();
                out.write(answer, 5, answer.length - 5);
            } catch (IOException closed) {
                if (streams.isClosed()) {
                    return;
                }
            }
        }
    }

    int questions() {
        return questions.get();
    }

    private void serve() {
        byte[] buf = new byte[1500];
        while (true) {
            try {
                DatagramPacket packet = new DatagramPacket(buf, buf.length);
                socket.receive(packet);
                questions.incrementAndGet();
                byte[] answer = answer(Arrays.copyOf(buf, packet.getLength()), cut);
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** The question's header and question, then a record for each address. */
    private byte[] answer(byte[] question, boolean cut) throws IOException {
        int at = 12;
        while (question[at] != 0) {
            at += 1 + question[at];
        }
        boolean v4 = question[at + 2] == 1 && !cut;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(question, 0, 2);
        out.write(new byte[] {(byte) (cut ? 0x83 : 0x81), (byte) 0x80, 0, 1, 0});
        out.write(v4 ? addresses.size() : 0);
        out.write(new byte[4]);
        out.write(question, 12, at + 5 - 12);
        if (v4) {
            for (InetAddress address : addresses) {
                out.write(new byte[] {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4});
                out.write(address.getAddress());
            }
        }
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        streams.close();
        socket.close();
    }
}
