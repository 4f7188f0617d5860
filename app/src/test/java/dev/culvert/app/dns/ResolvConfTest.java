package dev.culvert.app.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvConfTest {
    private static final String BEFORE =
            "# by the engine\nnameserver 127.0.0.11\nsearch lan\noptions ndots:0\n";

    @TempDir Path root;
    private Path file;
    private ResolvConf resolvConf;

    @BeforeEach
    void setUp() throws IOException {
        file = Files.createDirectories(root.resolve("etc")).resolve("resolv.conf");
        Files.writeString(file, BEFORE);
        resolvConf = new ResolvConf(root);
    }

    private void write(String server) throws IOException {
        resolvConf.write(List.of(InetAddress.ofLiteral(server)), List.of("corp.example"));
    }

    @Test
    void namesTheServersAndKeepsWhatWasThere() throws IOException {
        Object inode = Files.getAttribute(file, "unix:ino");

        write("10.64.0.1");

        assertEquals(
                """
                nameserver 10.64.0.1
                search corp.example
                # Written by culvert. What it was before:
                #| # by the engine
                #| nameserver 127.0.0.11
                #| search lan
                #| options ndots:0
                """,
                Files.readString(file));
        assertEquals(inode, Files.getAttribute(file, "unix:ino"), "in place");
    }

    @Test
    void restoresTheFirstStateAlsoWhenItWasWrittenTwice() throws IOException {
        write("10.64.0.1");
        write("10.64.0.2");
        new ResolvConf(root).restore();

        assertEquals(BEFORE, Files.readString(file));
        new ResolvConf(root).restore();
        assertEquals(BEFORE, Files.readString(file));
    }

    @Test
    void knowsTheServersThatWereNamedBefore() throws IOException {
        List<InetAddress> before = List.of(InetAddress.ofLiteral("127.0.0.11"));
        assertEquals(before, resolvConf.originalServers());
        write("10.64.0.1");
        assertEquals(before, resolvConf.originalServers());
    }
}
