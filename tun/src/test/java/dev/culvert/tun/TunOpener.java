package dev.culvert.tun;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import dev.culvert.tun.netns.RunningProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that opens {@code wg0}, and follows it when told to, to be run with less than a test
 * has.
 */
final class TunOpener {
    private TunOpener() {}

    public static void main(String[] arguments) throws Exception {
        try (TunDevice device =
                TunDevice.open("wg0", TunDevice.DEFAULT_MTU, new TunOffload(true, true))) {
            System.out.println("opened " + device.name() + " with MTU " + device.mtu());
            if (arguments.length > 0) {
                RecordingListener listener = new RecordingListener();
                try (TunMonitor _ = TunMonitor.start(device, listener)) {
                    String news;
                    do {
                        news = listener.next();
                        System.out.println(news);
                    } while (!news.equals("deleted"));
                }
            }
        } catch (TunException refused) {
            System.out.println(refused.getMessage());
        }
    }

    /** What it says, started by {@code wrapper} inside of the namespace. */
    static String says(NetworkNamespace namespace, String... wrapper) {
        String[] command = command(List.of(wrapper), List.of());
        Execution execution = namespace.exec(command);
        return execution.output().strip();
    }

    /** Opens and follows with CAP_NET_ADMIN alone, as in most containers. */
    static RunningProcess followWithNetAdminAlone(NetworkNamespace namespace) {
        List<String> wrapper =
                List.of("setpriv", "--bounding-set", "-all,+net_admin", "--inh-caps", "-all");
        return namespace.start(command(wrapper, List.of("follow")));
    }

    private static String[] command(List<String> wrapper, List<String> arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TunOpener.class.getName()));
        command.addAll(arguments);
        return command.toArray(String[]::new);
    }
}
