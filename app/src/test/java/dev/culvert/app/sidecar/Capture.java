package dev.culvert.app.sidecar;

import dev.culvert.app.process.Dist;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Every frame that passes a link, and how often a token stands in one. */
final class Capture {
    private final Path file;
    private final RunningProcess tcpdump;

    Capture(NetworkNamespace namespace, String link, Path file) {
        this(namespace, link, file, "");
    }

    /**
     * @param filter of tcpdump; empty: every frame
     */
    Capture(NetworkNamespace namespace, String link, Path file, String filter) {
        this.file = file;
        tcpdump =
                namespace.start(
                        "tcpdump",
                        "-i",
                        link,
                        "-n",
                        "-U",
                        "--immediate-mode",
                        "-s",
                        "0",
                        "-Z",
                        "root",
                        "-w",
                        file.toString(),
                        filter);
        tcpdump.awaitOutput("listening on", Dist.PATIENCE);
    }

    /** Ends it, and shows what was captured, a line each. */
    List<String> frames() throws IOException, InterruptedException {
        end();
        Process reader =
                new ProcessBuilder("tcpdump", "-n", "-t", "-r", file.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return reader.inputReader().lines().toList();
    }

    private void end() throws InterruptedException {
        // What the kernel still holds has time to get into the file.
        Thread.sleep(300);
        tcpdump.process().destroy();
        tcpdump.process().waitFor(5, TimeUnit.SECONDS);
    }

    /** Ends it, and counts the token in what was captured. */
    int count(String token) throws IOException, InterruptedException {
        end();
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        int count = 0;
        for (int at = bytes.indexOf(token); at >= 0; at = bytes.indexOf(token, at + 1)) {
            count++;
        }
        return count;
    }
}
