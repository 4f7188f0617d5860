package dev.culvert.app.diagnose;

import dev.culvert.app.config.MonitoringVariable;
import dev.culvert.app.status.StatusReport;
import dev.culvert.app.status.TunnelStatus;
import dev.culvert.datapath.DatapathStatistics;
import dev.culvert.killswitch.KillSwitch;
import dev.culvert.killswitch.KillSwitchException;
import dev.culvert.tun.sys.ErrnoException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that there is to see, then the likely causes. */
public final class Diagnosis {
    private final Path root;
    private final Map<String, String> environment;
    private final StringBuilder text = new StringBuilder();

    private Diagnosis(Path root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    /** Whether {@code run} is to diagnose itself once it is connected, or has tried for long. */
    public static boolean isEnabled(Map<String, String> environment) {
        return MonitoringVariable.NETWORK_DIAGNOSTIC_ENABLED.isOn(environment);
    }

    /**
     * Takes up to half a minute, if nothing answers.
     *
     * @param root {@code /}
     * @param status of the process that runs here, else of the kernel
     * @return lines for people, without any key but public ones
     */
    public static String of(Path root, Map<String, String> environment, StatusReport status) {
        return new Diagnosis(root, environment).write(status);
    }

    private String write(StatusReport status) {
        Instant clock = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        line("clock", clock.toString());
        line("kernel", read("proc/sys/kernel/osrelease"));
        status.text().lines().forEach(line -> text.append(line).append('\n'));
        String tunnel =
                status.tunnels().isEmpty() ? "" : status.tunnels().getFirst().interfaceName();
        int mtuBytes = kernel(tunnel);
        rules();
        status.tunnels().forEach(this::offloads);
        InetAddress server = nameServer();
        PathProbe.Result path =
                tunnel.isEmpty()
                        ? PathProbe.Result.notTried("there is no tunnel")
                        : server == null
                                ? PathProbe.Result.notTried("there is no name server to ask")
                                : PathProbe.of(server, mtuBytes);
        line("path mtu", pathText(path));
        String url = MonitoringVariable.DIAGNOSTIC_URL.in(environment);
        ExitProbe.Result exit =
                tunnel.isEmpty()
                        ? new ExitProbe.Result(ExitProbe.Progress.NOT_TRIED, "there is no tunnel")
                        : ExitProbe.of(url);
        line("exit", exit.text() + " (" + url + ")");
        Causes.of(new Observations(status, clock, mtuBytes, path, exit))
                .forEach(cause -> line("likely", cause));
        return text.toString();
    }

    private static String pathText(PathProbe.Result path) {
        if (!path.why().isEmpty()) {
            return "not tried: " + path.why();
        }
        return path.target()
                + (path.answers()
                        ? " answers to packets of up to " + path.largestBytes() + " bytes"
                        : " does not answer to pings");
    }

    /** The MTU of the tunnel. */
    private int kernel(String tunnel) {
        try {
            KernelView view = KernelView.read(tunnel);
            view.links().forEach(link -> line("link", link));
            view.routes().forEach(route -> line("route", route));
            view.rules().forEach(rule -> line("rule", rule));
            return view.tunnelMtuBytes();
        } catch (ErrnoException refused) {
            line("link", "cannot be listed: " + refused.getMessage());
            return 0;
        }
    }

    private void rules() {
        try {
            // What the status shows of the counters is not shown again.
            KillSwitch.listing()
                    .replaceAll("(?m)^\\s*counter \\S+ \\{[^}]*}\\n", "")
                    .lines()
                    .filter(rule -> !rule.isBlank())
                    .forEach(rule -> line("nftables", rule.replace("\t", "    ")));
        } catch (KillSwitchException refused) {
            line("nftables", String.valueOf(refused.getMessage()));
        }
    }

    private void offloads(TunnelStatus tunnel) {
        DatapathStatistics datapath = tunnel.datapath();
        if (datapath == null) {
            return;
        }
        line(
                "offloads",
                tunnel.interfaceName()
                        + ": "
                        + datapath.ioEngine()
                        + ", "
                        + datapath.aead()
                        + ", UDP segmentation "
                        + onOff(datapath.udpSegmentation())
                        + ", TUN super-packets "
                        + onOff(datapath.tunVnetHeader())
                        + ", TUN coalescing "
                        + onOff(datapath.tunCoalescing()));
    }

    private static String onOff(boolean on) {
        return on ? "on" : "off";
    }

    /** The first one; null: there is none. */
    private @Nullable InetAddress nameServer() {
        InetAddress first = null;
        for (String line : read("etc/resolv.conf").lines().toList()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length == 2 && words[0].equals("nameserver")) {
                line("dns", words[1]);
                first = first == null ? address(words[1]) : first;
            }
        }
        return first;
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    private String read(String file) {
        try {
            return Files.readString(root.resolve(file)).strip();
        } catch (IOException unreadable) {
            return "not known";
        }
    }

    private void line(String name, String value) {
        text.append(String.format("%-12s %s%n", name + ":", value));
    }
}
