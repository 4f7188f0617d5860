package dev.culvert.app.sidecar;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Asks the process that runs in the caller's network namespace. */
public final class ControlClient {
    private ControlClient() {}

    /** What it says, and the exit status that this means. */
    public record Answer(int exitStatus, String text) {}

    /** Empty: there is no such process. */
    public static Optional<Answer> ask(Surroundings surroundings, String request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(ControlSocket.path(surroundings)));
            ByteBuffer question =
                    ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
            while (question.hasRemaining()) {
                channel.write(question);
            }
            String answer =
                    new String(
                            Channels.newInputStream(channel).readAllBytes(),
                            StandardCharsets.UTF_8);
            int end = answer.indexOf('\n');
            return end <= 0
                    ? Optional.empty()
                    : Optional.of(
                            new Answer(
                                    Integer.parseInt(answer.substring(0, end)),
                                    answer.substring(end + 1)));
        } catch (IOException | NumberFormatException nobody) {
            return Optional.empty();
        }
    }
}
