package dev.culvert.app.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * resolv.conf, {@code resolv.conf(5)}. In a container it is a file that is mounted over another, so
 * it is written in place, never replaced. What it was before stands in it as comments: whoever
 * disarms needs no other file to restore it.
 */
public final class ResolvConf {
    private static final String OURS = "# Written by culvert. What it was before:";
    private static final String KEPT = "#| ";

    private final Path file;

    /**
     * @param root {@code /}
     */
    public ResolvConf(Path root) {
        file = root.resolve("etc/resolv.conf");
    }

    /** The servers that it named before culvert wrote to it. */
    public List<InetAddress> originalServers() {
        List<InetAddress> servers = new ArrayList<>();
        for (String line : original()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 2 && words[0].equals("nameserver")) {
                try {
                    servers.add(InetAddress.ofLiteral(words[1]));
                } catch (IllegalArgumentException notOne) {
                    // As resolv.conf(5) does: passed over.
                }
            }
        }
        return servers;
    }

    /** Names these servers and domains from now on. */
    public void write(List<InetAddress> servers, List<String> searchDomains) throws IOException {
        List<String> before = original();
        StringBuilder text = new StringBuilder();
        servers.forEach(
                server -> text.append("nameserver ").append(server.getHostAddress()).append('\n'));
        if (!searchDomains.isEmpty()) {
            text.append("search ").append(String.join(" ", searchDomains)).append('\n');
        }
        text.append(OURS).append('\n');
        before.forEach(line -> text.append(KEPT).append(line).append('\n'));
        Files.writeString(file, text);
    }

    /** Makes it what it was; nothing if culvert has not written to it. */
    public void restore() throws IOException {
        List<String> lines = lines();
        if (lines.contains(OURS)) {
            List<String> before = original();
            Files.writeString(file, before.isEmpty() ? "" : String.join("\n", before) + "\n");
        }
    }

    private List<String> original() {
        List<String> lines = lines();
        int mark = lines.indexOf(OURS);
        return mark < 0
                ? lines
                : lines.subList(mark + 1, lines.size()).stream()
                        .filter(line -> line.startsWith(KEPT))
                        .map(line -> line.substring(KEPT.length()))
                        .toList();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException none) {
            return List.of();
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
