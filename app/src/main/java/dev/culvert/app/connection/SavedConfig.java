package dev.culvert.app.connection;

import dev.culvert.app.config.TunnelConfig;
import dev.culvert.wg.uapi.AllowedIp;
import dev.culvert.wg.uapi.DeviceSnapshot;
import dev.culvert.wg.uapi.PeerSnapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code SaveConfig = true}, wg-quick(8): when the tunnel ends, its file takes up the peers and
 * keys that it ran with. What is not the engine's (addresses, DNS, commands) stays as it stands
 * there; comments go. The file keeps its mode and its owner.
 */
final class SavedConfig {
    private static final Logger log = LoggerFactory.getLogger(SavedConfig.class);

    private static final int MAX_BYTES = 64 * 1024;
    private static final int BYTES_PER_PEER = 512;
    private static final int BYTES_PER_PREFIX = 48;

    private final ByteBuffer out;

    private SavedConfig(int capacityBytes) {
        out = ByteBuffer.allocate(capacityBytes);
    }

    /** Writes it, or says in one line why not. The snapshot stays the caller's. */
    static void write(TunnelConfig config, DeviceSnapshot running) {
        Path file = Path.of(config.source());
        try {
            byte[] before = Files.readAllBytes(file);
            byte[] after = text(before, config, running);
            try {
                if (!Arrays.equals(before, after)) {
                    replace(file, after);
                }
            } finally {
                Arrays.fill(before, (byte) 0);
                Arrays.fill(after, (byte) 0);
            }
        } catch (IOException refused) {
            String why =
                    refused instanceof NoSuchFileException
                            ? "it is gone"
                            : "" + refused.getMessage();
            log.warn("{}: SaveConfig: the file cannot be written: {}", file, why);
        }
    }

    /** As the file is to be; to be zeroed by the caller. */
    static byte[] text(byte[] before, TunnelConfig config, DeviceSnapshot running)
            throws IOException {
        if (before.length > MAX_BYTES) {
            throw new IOException("it has more than " + MAX_BYTES + " bytes");
        }
        int prefixes = running.peers().stream().mapToInt(peer -> peer.allowedIps().size()).sum();
        SavedConfig saved =
                new SavedConfig(
                        2 * before.length
                                + BYTES_PER_PEER * (1 + running.peers().size())
                                + BYTES_PER_PREFIX * prefixes);
        try {
            saved.local(before, config, running);
            Map<String, String> names = names(config);
            for (PeerSnapshot peer : running.peers()) {
                saved.peer(peer, names);
            }
            return Arrays.copyOf(saved.out.array(), saved.out.position());
        } finally {
            Arrays.fill(saved.out.array(), (byte) 0);
        }
    }

    /** Endpoints that have a name keep it: its address was but that of today. */
    private static Map<String, String> names(TunnelConfig config) {
        return config.peers().stream()
                .filter(peer -> peer.endpoint() != null && peer.endpoint().address() == null)
                .collect(
                        Collectors.toMap(
                                peer -> peer.publicKey().base64(),
                                peer -> String.valueOf(peer.endpoint())));
    }

    /** The lines of [Interface] that are not the engine's as they stand there, then its own. */
    private void local(byte[] before, TunnelConfig config, DeviceSnapshot running) {
        line("[Interface]");
        boolean keyInFile = false;
        boolean inside = false;
        for (int at = 0; at < before.length; ) {
            int end = at;
            while (end < before.length && before[end] != '\n') {
                end++;
            }
            int to = at;
            while (to < end && before[to] != '#') {
                to++;
            }
            while (to > at && before[to - 1] <= ' ') {
                to--;
            }
            String name = name(before, at, to);
            if (name.startsWith("[")) {
                inside = name.equals("[interface]");
            } else if (inside && name.equals("privatekey")) {
                keyInFile = true;
            } else if (inside && to > at && !name.equals("listenport") && !name.equals("fwmark")) {
                out.put(before, at, to - at).put((byte) '\n');
            }
            at = end + 1;
        }
        if (running.listenPort() != 0) {
            line("ListenPort = " + running.listenPort());
        }
        config.local()
                .fwmark()
                .ifPresent(mark ->
                        line("FwMark = " + (mark == 0 ? "off" : "0x" + Long.toHexString(mark))));
        byte[] key = running.privateKey();
        // One that came by a variable or a secret stays there.
        if (keyInFile && key != null) {
            key("PrivateKey", key);
        }
    }

    /** What stands before '=', or all of it, in lower case; never a value. */
    private static String name(byte[] file, int start, int end) {
        int to = start;
        while (to < end && file[to] != '=') {
            to++;
        }
        return new String(file, start, to - start, StandardCharsets.UTF_8)
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private void peer(PeerSnapshot peer, Map<String, String> names) {
        String publicKey = Base64.getEncoder().encodeToString(peer.publicKey());
        line("");
        line("[Peer]");
        line("PublicKey = " + publicKey);
        byte[] presharedKey = peer.presharedKey();
        if (presharedKey != null) {
            key("PresharedKey", presharedKey);
        }
        if (!peer.allowedIps().isEmpty()) {
            line(
                    "AllowedIPs = "
                            + peer.allowedIps().stream()
                                    .map(SavedConfig::prefix)
                                    .collect(Collectors.joining(", ")));
        }
        String endpoint = names.getOrDefault(publicKey, PeerReports.endpoint(peer.endpoint()));
        if (!endpoint.isEmpty()) {
            line("Endpoint = " + endpoint);
        }
        if (peer.persistentKeepaliveSeconds() != 0) {
            line("PersistentKeepalive = " + peer.persistentKeepaliveSeconds());
        }
    }

    private static String prefix(AllowedIp allowed) {
        try {
            return InetAddress.getByAddress(allowed.address()).getHostAddress()
                    + "/"
                    + allowed.prefixLength();
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void key(String name, byte[] key) {
        byte[] base64 = Base64.getEncoder().encode(key);
        out.put((name + " = ").getBytes(StandardCharsets.US_ASCII)).put(base64).put((byte) '\n');
        Arrays.fill(base64, (byte) 0);
    }

    private void line(String text) {
        out.put(text.getBytes(StandardCharsets.UTF_8)).put((byte) '\n');
    }

    /**
     * Wholly or not at all; but in place where it is a mount of its own, or its folder is closed.
     */
    private static void replace(Path file, byte[] text) throws IOException {
        Path real = file.toRealPath();
        Path fresh = real.resolveSibling("." + real.getFileName() + ".saved");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            write(fresh, text);
            Files.setAttribute(fresh, "unix:uid", Files.getAttribute(real, "unix:uid"));
            Files.setAttribute(fresh, "unix:gid", Files.getAttribute(real, "unix:gid"));
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(real));
            Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException raced) {
            throw raced;
        } catch (IOException noPlace) {
            Files.deleteIfExists(fresh);
            write(real, text);
        }
    }

    private static void write(Path file, byte[] text) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer left = ByteBuffer.wrap(text);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }
}
