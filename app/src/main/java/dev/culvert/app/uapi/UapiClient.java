package dev.culvert.app.uapi;

import dev.culvert.tun.sys.Errno;
import dev.culvert.tun.sys.Libc;
import dev.culvert.wg.uapi.PeerSnapshot;
import dev.culvert.wg.uapi.UapiException;
import dev.culvert.wg.uapi.UapiReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks the devices whose sockets are found, whatever program they belong to, as {@code wg} does.
 */
public final class UapiClient {
    private static final byte[] GET = "get=1\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final String SUFFIX = ".sock";

    private UapiClient() {}

    /** The sockets of a folder by the names of their interfaces; those of nobody, too. */
    public static Map<String, Path> sockets(Path directory) throws IOException {
        Map<String, Path> sockets = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                sockets.put(name.substring(0, name.length() - SUFFIX.length()), file);
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return Map.of();
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        return sockets;
    }

    /**
     * The peers of a device, without secret keys and allowed IPs; waits ten seconds at the most.
     *
     * @throws IOException with one line: nobody listens, or it is no answer
     */
    public static List<PeerSnapshot> peers(Path socket) throws IOException {
        int fd = UapiSocket.connect(socket);
        if (fd < 0) {
            throw new IOException(socket + ": " + Errno.text(-fd));
        }
        try (UapiStream stream = new UapiStream(fd)) {
            stream.beginRequest();
            stream.output().write(GET);
            UapiReader reader = new UapiReader();
            while (stream.readLine() > 0) {
                stream.parseLine(reader);
            }
            return reader.finish();
        } catch (IOException | UapiException failed) {
            throw new IOException(socket + ": " + failed.getMessage(), failed);
        } finally {
            Libc.close(fd);
        }
    }
}
