package dev.culvert.app.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A WireGuard program that can stand at one end of a tunnel, with the settings of its environment.
 */
record Program(String name, String path, List<String> environment) {
    private static final String UNDER_TEST = System.getProperty("culvert.program", "");

    /** What the backports package 0.0.20231211 prints as its version. */
    private static final int WIREGUARD_GO_VERSION = 20230223;

    /** The program under test, once with each way of moving packets that it has. */
    static Stream<Program> culverts() {
        return UNDER_TEST.isEmpty()
                ? Stream.of(culvert("syscalls"), culvert("io_uring"))
                : Stream.of(new Program(UNDER_TEST, UNDER_TEST, List.of()));
    }

    /** The program under test with its default settings. */
    static Program culvert() {
        return UNDER_TEST.isEmpty()
                ? new Program("culvert", distribution(), List.of())
                : new Program(UNDER_TEST, UNDER_TEST, List.of());
    }

    /** wireguard-go; skips the test, with a word why, where it is missing or too old. */
    static Program wireguardGo() {
        Matcher version;
        try (NetworkNamespace namespace = NetworkNamespace.create("version")) {
            Execution execution = namespace.exec("wireguard-go", "--version");
            version = Pattern.compile("v0\\.0\\.(\\d{8})").matcher(execution.output());
        }
        assumeTrue(
                version.find() && Integer.parseInt(version.group(1)) >= WIREGUARD_GO_VERSION,
                "needs wireguard-go 0.0.20231211 or later: apt-get install -t bookworm-backports"
                        + " wireguard-go");
        return new Program("wireguard-go", "wireguard-go", List.of());
    }

    /** Without the warm-up: dozens of them are started, and none needs to be fast. */
    private static Program culvert(String io) {
        return new Program(
                "culvert " + io, distribution(), List.of("CULVERT_IO=" + io, "CULVERT_WARMUP=off"));
    }

    private static String distribution() {
        Path dist = Path.of(System.getProperty("culvert.dist", "../dist/culvert"));
        Path launcher = dist.resolve("bin/culvert").toAbsolutePath().normalize();
        if (!Files.isExecutable(launcher)) {
            throw new AssertionError("there is no " + launcher + " to test: make build");
        }
        return launcher.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
