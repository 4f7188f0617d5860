package dev.culvert.app.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.tun.netns.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A file server beyond the tunnel, as a network storage box is used from afar. */
@Tag("netns")
final class NfsTest {
    private static final int MIB = 1 << 20;
    private static final int FILE_MIB = 256;

    @AutoClose private final GatewayLab lab = new GatewayLab();

    @BeforeEach
    void setUp() throws Exception {
        lab.routeFromOutside();
    }

    @Test
    void besideTheSidecarItIsReachedAtTheTunnelsAddress() throws Exception {
        lab.connect();
        try (NfsServer server = new NfsServer(lab.lab.inside, lab.lab.folder)) {
            writesAndReads(server, GatewayLab.TUNNEL);
        }
    }

    @Test
    void onTheLocalNetworkItIsReachedThroughTheBridge() throws Exception {
        lab.router.run("ip", "route", "delete", "default");
        lab.connect("NAT_RULES=masquerade from 10.9.0.0/24 out " + lab.downstream());
        try (NfsServer server = new NfsServer(lab.router, lab.lab.folder)) {
            writesAndReads(server, GatewayLab.ROUTER);
        }
    }

    /** From the far end of the tunnel. */
    private void writesAndReads(NfsServer server, String address) throws Exception {
        Path original = lab.lab.folder.resolve("original");
        Path copy = lab.lab.folder.resolve("copy");
        fill(original);
        NetworkNamespace client = lab.lab.outside;
        client.run("nfs-cp", original.toString(), server.url(address, "file"));
        client.run("nfs-cp", server.url(address, "file"), copy.toString());

        String sum = sum(original);
        assertEquals(sum, sum(server.export.resolve("file")), "as it was written");
        assertEquals(sum, sum(copy), "as it was read");
    }

    private static void fill(Path file) throws IOException {
        Random random = new Random(1);
        byte[] block = new byte[MIB];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < FILE_MIB; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }

    private static String sum(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] block = new byte[MIB];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(block); read > 0; read = in.read(block)) {
                digest.update(block, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
