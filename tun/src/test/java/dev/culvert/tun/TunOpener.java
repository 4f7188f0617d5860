package dev.culvert.tun;

import dev.culvert.tun.netns.Execution;
import dev.culvert.tun.netns.NetworkNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that opens {@code wg0}, to be run with less than a test has. */
final class TunOpener {
    private TunOpener() {}

    public static void main(String[] arguments) {
        try (TunDevice device =
                TunDevice.open("wg0", TunDevice.DEFAULT_MTU, new TunOffload(true, true))) {
            System.out.println("opened " + device.name());
        } catch (TunException refused) {
            System.out.println(refused.getMessage());
        }
    }

    /** What it says, started by {@code wrapper} inside of the namespace. */
    static String refusal(NetworkNamespace namespace, String... wrapper) {
        List<String> command = new ArrayList<>(List.of(wrapper));
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TunOpener.class.getName()));
        Execution execution = namespace.exec(command.toArray(String[]::new));
        return execution.output().strip();
    }
}
